/** CSV by RFC 4180: CRLF after each row, quotes where a field needs them. */

export type Cell = string | number | null;

/** A spreadsheet runs a text that begins so as a formula. Numbers may begin with a sign. */
const FORMULA = /^[=+@\t\r]|^-(?![\d.])/;

function field(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Returns a table as CSV. A text that a spreadsheet would run gets an apostrophe in front. */
export const csvOf = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
