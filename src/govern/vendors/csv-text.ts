/**
 * Spreadsheets run cells that begin with these as formulas (OWASP, CSV Injection), so they go out behind an
 * apostrophe. Cells that begin with apostrophes before such a sign get one more, so that reading takes exactly one off again.
 */
const RISKY = /^'*[=+\-@\t\r]/;
const GUARDED = /^'+[=+\-@\t\r]/;

export const guardCell = (text: string): string => (RISKY.test(text) ? `'${text}` : text);
export const unguardCell = (text: string): string => (GUARDED.test(text) ? text.slice(1) : text);

/** Rows as CSV of RFC 4180: CRLF, quotes where needed, formulas made harmless. */
export function csvText(rows: ReadonlyArray<readonly string[]>): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(text: string): string {
  const cell = guardCell(text);
  return /[",\r\n]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell;
}
