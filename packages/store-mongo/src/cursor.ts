import { InvalidCursorError, type Page } from '@rollcall/engine';

/** Where a page ended: what its list is sorted by. */
type Position = readonly (string | number)[];

export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

export const invalidCursor = () => new InvalidCursorError('the cursor is not one that a page of this list gave out');

/** What a cursor holds, of whichever list it is. @throws InvalidCursorError */
export function decodeCursor(text: string): readonly unknown[] {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(position)) throw invalidCursor();
  return position as unknown[];
}

/** Of a list that is sorted by a time, and by the id where times are the same. */
export interface TimePosition {
  readonly time: Date;
  readonly id: string;
}

export const encodeTimeCursor = ({ time, id }: TimePosition): string => encodeCursor([time.getTime(), id]);

/** @throws InvalidCursorError */
export function decodeTimeCursor(text: string): TimePosition {
  const [time, id, ...more] = decodeCursor(text);
  if (typeof time !== 'number' || typeof id !== 'string' || more.length > 0) throw invalidCursor();
  const date = new Date(time);
  if (!Number.isFinite(date.getTime())) throw invalidCursor();
  return { time: date, id };
}

export interface PageParts<Document, Item> {
  readonly limit: number;
  readonly toItem: (document: Document) => Item;
  readonly cursorOf: (document: Document) => string;
}

/** @param documents one more than the page holds, where there are as many: then there is a next one */
export function pageOf<Document, Item>(
  documents: readonly Document[],
  { limit, toItem, cursorOf }: PageParts<Document, Item>,
): Page<Item> {
  const shown = documents.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: documents.length > limit && last !== undefined ? cursorOf(last) : undefined,
  };
}
