import { cellText } from './cell-text.ts'

/** How CSV is written. */
export interface CsvOptions {
  /**
   * Puts an apostrophe before text that a spreadsheet would run as a formula: text that starts with `=`, `+`, `-`, `@`,
   * their full-width forms, a tab or a line break, also after white space. Numbers stay numbers. Default: false, cells
   * are written as they are.
   */
  readonly disarmFormulas?: boolean | undefined
}

/**
 * Rows as CSV by RFC 4180: a header line, CRLF after every line, quotes where a cell has a comma, a quote or a line
 * break. Null is an empty cell, objects are JSON.
 */
export function renderCsv(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  options?: CsvOptions,
): string {
  return [columns, ...rows]
    .map((row) =>
      csvLine(
        columns.map((_, index) => row[index]),
        options,
      ),
    )
    .join('')
}

/** One line of CSV. */
export function csvLine(cells: readonly unknown[], { disarmFormulas = false }: CsvOptions = {}): string {
  const texts = cells.map((cell) => {
    const text = cellText(cell)
    return quote(disarmFormulas && typeof cell === 'string' ? disarm(text) : text)
  })
  return `${texts.join(',')}\r\n`
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// A byte order mark, NUL and the like count as white space: programs drop them before they look at a cell. Excel takes
// full-width and small forms for the ASCII signs.
const formula = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫])/u
const number = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

function disarm(text: string): string {
  return formula.test(text) && !number.test(text) ? `'${text}` : text
}
