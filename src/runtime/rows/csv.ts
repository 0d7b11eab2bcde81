import { cellText } from './cell-text.ts'

/**
 * Rows as CSV by RFC 4180: a header line, CRLF after every line, quotes where a cell has a comma, a quote or a line
 * break. Null is an empty cell, objects are JSON. A cell that starts with `=`, `+`, `-` or `@` stays as it is: the data
 * is not changed for the sake of spreadsheets that would read it as a formula.
 */
export function renderCsv(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [columns, ...rows].map((row) => csvLine(columns.map((_, index) => row[index]))).join('')
}

/** One line of CSV. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map((cell) => quote(cellText(cell))).join(',')}\r\n`
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
