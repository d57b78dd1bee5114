/**
 * What makes a spreadsheet take a cell for a formula; full-width forms of the same signs too. A cell begins not only
 * where the text does: where semicolons or tabs separate, quotes that are not at the start of a cell are but letters, and
 * the text falls apart at each separator and line break in it. Spaces and quotes before a sign may be taken away. It
 * looks back from each sign, so that a long text takes no longer than its length.
 */
const formula = /[=+\-@＝＋－＠](?<=(?:^|[,;\t\r\n])[\s"]*.)/g;
/** Taken for the rest of a formula, or taken away. */
const breakInFront = /^[\t\r\n]/;
/** Semicolons separate cells where commas are for decimals. */
const special = /[",;\r\n\t]|^\s|\s$/;

/** A cell of RFC 4180 of which no spreadsheet calculates a part: what looks like a formula gets a `'` in front, by which it is text. */
export function csvCell(text: string): string {
  const marked = text.replace(formula, "'$&");
  const harmless = breakInFront.test(text) ? `'${marked}` : marked;
  return special.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export const csvRow = (cells: readonly (string | undefined)[]): string =>
  `${cells.map((cell = '') => csvCell(cell)).join(',')}\r\n`;
