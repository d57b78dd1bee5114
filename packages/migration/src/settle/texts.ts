/** As long as Rollcall takes texts, in code points: the same as in packages/contracts/src/http/limits.ts. */
export const textLengthMax = {
  title: 200,
  location: 500,
  roleName: 200,
  notes: 2000,
  displayName: 200,
  email: 320,
} as const;

/** What a line may not hold: controls, halves of surrogate pairs, and what drivers make of broken text. */
const unfitInLine = /[\p{Cc}\p{Cs}\uFFFD]/u;
const unfitInProse = /[^\P{Cc}\n\t]|[\p{Cs}\uFFFD]/u;
const allUnfitInLine = new RegExp(unfitInLine, 'gu');
const allUnfitInProse = new RegExp(unfitInProse, 'gu');

/** One line of a text as Rollcall takes it: breaks and tabs become spaces, the rest that is unfit goes. */
export function lineOf(text: string, lengthMax: number): string {
  if (!unfitInLine.test(text)) return cut(text, lengthMax);
  return cut(text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(allUnfitInLine, ''), lengthMax);
}

/** A text of many lines as Rollcall takes it. */
export function proseOf(text: string, lengthMax: number): string {
  const lines = withLineFeeds(text);
  return cut(unfitInProse.test(lines) ? lines.replaceAll(allUnfitInProse, '') : lines, lengthMax);
}

/** Rollcall keeps one kind of line break; that is no change of a text. */
export const withLineFeeds = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

function cut(text: string, lengthMax: number): string {
  // Never more code points than code units.
  if (text.length <= lengthMax) return text;
  let kept = '';
  let length = 0;
  for (const character of text) {
    if (length === lengthMax) break;
    kept += character;
    length += 1;
  }
  return kept;
}
