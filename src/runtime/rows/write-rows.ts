/** JSON, indented unless told otherwise. A bigint is written as a number where a number holds it, else as text. */
export function toJson(value: unknown, indent = 2): string {
  try {
    return JSON.stringify(value, undefined, indent)
  } catch (error) {
    // A bigint. Looking at each value makes it much slower.
    if (!(error instanceof TypeError)) throw error
    return JSON.stringify(
      value,
      (_, item: unknown) => (typeof item === 'bigint' ? written(item) : item),
      indent,
    )
  }
}

function written(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : `${value}`
}

/** A value as one cell: null and undefined are empty, objects are JSON, everything else is its text. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? toJson(value, 0) : String(value)
}

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

/** Rows that came together. */
interface RowsOfColumns {
  readonly rows: readonly unknown[]
  readonly columns: readonly string[]
}

/** Rows as lines, one after the other. `first` writes the header of CSV before them. */
export function rowLines(
  { rows, columns }: RowsOfColumns,
  format: 'ndjson' | 'csv',
  first: boolean,
  options?: CsvOptions,
): string {
  if (format === 'ndjson') return rows.map((row) => `${toJson(row, 0)}\n`).join('')
  const lines = rows.map((row) =>
    csvLine(
      columns.map((name) => Object(row)[name] as unknown),
      options,
    ),
  )
  return `${first ? csvLine(columns, options) : ''}${lines.join('')}`
}
