/** What makes a spreadsheet take a cell for a formula, or for the rest of one; full-width forms of the same signs too. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
/** Semicolons separate cells where commas are for decimals. */
const special = /[",;\r\n\t]|^\s|\s$/;

/** A cell of RFC 4180 that no spreadsheet calculates: what looks like a formula gets a `'` in front, by which it is text. */
export function csvCell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return special.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export const csvRow = (cells: readonly (string | undefined)[]): string =>
  `${cells.map((cell = '') => csvCell(cell)).join(',')}\r\n`;
