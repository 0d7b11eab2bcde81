import { cellText } from './cell-text.ts'

/**
 * Rows as CSV by RFC 4180: a header line, CRLF after every line, quotes where a cell has a comma, a quote or a line
 * break. Null is an empty cell, objects are JSON. A cell that starts with `=`, `+`, `-` or `@` stays as it is: the data
 * is not changed for the sake of spreadsheets that would read it as a formula.
 */
export function renderCsv(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [columns, ...rows]
    .map((row) => `${columns.map((_, index) => quote(cellText(row[index]))).join(',')}\r\n`)
    .join('')
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
