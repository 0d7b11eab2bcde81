/** Serializes a value to JSON. A safe bigint becomes a number, any other bigint a string. */
export function toJson(value: unknown, indent = 2): string {
  try {
    return JSON.stringify(value, undefined, indent)
  } catch (error) {
    // JSON.stringify throws for a bigint. A replacer for every value would be much slower.
    if (!(error instanceof TypeError)) throw error
    return JSON.stringify(
      value,
      (_, item: unknown) => (typeof item === 'bigint' ? toJsonNumber(item) : item),
      indent,
    )
  }
}

function toJsonNumber(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : `${value}`
}

/** Formats a cell: null and undefined are empty, objects are JSON, other values are strings. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? toJson(value, 0) : String(value)
}

/** Options for writing CSV. */
export interface CsvOptions {
  /**
   * Prefixes strings that a spreadsheet would run as a formula with an apostrophe: those that start with `=`, `+`, `-`,
   * `@`, their full-width forms, a tab or a line break, also after white space. Numbers stay unchanged. Default: false.
   */
  readonly disarmFormulas?: boolean | undefined
}

/**
 * Renders rows as CSV (RFC 4180): a header line, CRLF line ends, and quotes around cells with a comma, a quote or a line
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

/** Renders one line of CSV. */
function csvLine(cells: readonly unknown[], { disarmFormulas = false }: CsvOptions = {}): string {
  const texts = cells.map((cell) => {
    const text = cellText(cell)
    return quote(disarmFormulas && typeof cell === 'string' ? disarm(text) : text)
  })
  return `${texts.join(',')}\r\n`
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// Control and format characters, such as a byte order mark or NUL, count as white space: programs strip them from cells.
// Excel treats full-width and small forms like the ASCII signs.
const formula = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫])/u
const number = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

function disarm(text: string): string {
  return formula.test(text) && !number.test(text) ? `'${text}` : text
}

/** Rows and their columns. */
interface RowsOfColumns {
  readonly rows: readonly unknown[]
  readonly columns: readonly string[]
}

/** Renders rows as lines. `first` adds the CSV header. */
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
