import { type ColumnValue, toColumnValue, type ValueType, valueTypeOf } from './column-values.ts'

/** A column of a file. */
export interface FileColumn {
  readonly name: string
  readonly type: ValueType
}

/** The values of some rows, one array per column. */
export interface RowBatch {
  readonly columns: readonly FileColumn[]
  readonly values: readonly ColumnValue[][]
  readonly rows: number
}

/** Limits of a batch, which bound the memory of a conversion. */
const maxRows = 10_000
const maxCharacters = 8_388_608

/**
 * Reads the rows of an export in batches: a line with its columns, then a line per row. Yields at least one batch, so
 * that the columns of an export without rows are known.
 */
export async function* readBatches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RowBatch, undefined> {
  let batch: RowBatch | undefined
  let rows = 0
  let characters = 0
  let isEmpty = true
  for await (const lines of readLines(chunks)) {
    for (const line of lines) {
      if (batch === undefined) {
        batch = emptyBatch(readColumns(line))
        continue
      }
      addRow(batch, line)
      rows += 1
      characters += line.length
      if (rows < maxRows && characters < maxCharacters) continue
      yield { ...batch, rows }
      batch = emptyBatch(batch.columns)
      rows = 0
      characters = 0
      isEmpty = false
    }
  }
  if (batch !== undefined && (rows > 0 || isEmpty)) yield { ...batch, rows }
}

function emptyBatch(columns: readonly FileColumn[]): RowBatch {
  return { columns, values: columns.map(() => []), rows: 0 }
}

function readColumns(line: string): FileColumn[] {
  // `toFile` wrote this line.
  const { columns, types } = JSON.parse(line) as {
    readonly columns: readonly string[]
    readonly types: readonly (string | null)[]
  }
  return columns.map((name, at) => ({ name, type: valueTypeOf(types[at] ?? undefined) }))
}

function addRow({ columns, values }: RowBatch, line: string): void {
  // `toFile` wrote an object per line.
  const row = JSON.parse(line) as Readonly<Record<string, unknown>>
  for (const [at, { name, type }] of columns.entries()) {
    values[at]?.push(toColumnValue(row[name], type, name))
  }
}

/** Reads the lines of a text, with those of a chunk together. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[], undefined> {
  const utf8 = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + utf8.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield lines
  }
}
