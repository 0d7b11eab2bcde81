import { resolve } from 'node:path'
import type { QueryCall } from '../../resources/query/query-call.ts'
import type { RowStream, StreamOptions } from '../../resources/query/stream/row-stream.ts'
import { rowLines } from '../../runtime/rows/write-rows.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { countOfRows } from '../output/count-of-rows.ts'
import type { RowFormat } from '../output/render-rows.ts'
import { UsageError } from '../usage-error.ts'

/** Options of a query whose rows are read as they arrive. */
export interface StreamingOptions {
  readonly format?: RowFormat
  readonly orderBy?: readonly string[]
  readonly verifyCount?: boolean
  readonly output?: string
  readonly overwrite?: boolean
  readonly rawCsv?: boolean
}

/** Prints rows as they arrive, or writes them to a file. */
export async function streamQuery(
  context: Context,
  query: QueryCall<Record<string, unknown>>,
  options: StreamingOptions,
): Promise<ExitCode> {
  const { output, orderBy, verifyCount, overwrite = false, rawCsv = false } = options
  const format = formatOf(context, options)
  const stream: StreamOptions = {
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(verifyCount === undefined ? {} : { verifyCount }),
  }
  if (output === undefined) {
    const rows = await print(context, query.stream(stream), format ?? 'ndjson', !rawCsv)
    context.note(`${countOfRows(rows)}, complete`)
    return exitCodes.ok
  }
  const path = resolve(context.io.cwd, output)
  const csv = { disarmFormulas: !rawCsv }
  const job = query
    .stream(stream)
    .toFile(path, { overwrite, ...csv, ...(format === undefined ? {} : { format }) })
  const progress = context.rowProgress()
  try {
    for await (const { rows, progress: done } of job) progress.update(rows, done)
  } finally {
    progress.finish()
  }
  const { rows, bytes, resumedAt } = await job
  const resumed = resumedAt === 0 ? '' : `, went on at row ${resumedAt}`
  context.note(`${countOfRows(rows)}, ${bytes} bytes${resumed}: ${output}`)
  return exitCodes.ok
}

async function print(
  { printData, rowProgress }: Context,
  stream: RowStream<Record<string, unknown>>,
  format: 'ndjson' | 'csv',
  disarmFormulas: boolean,
): Promise<number> {
  const progress = rowProgress()
  let rows = 0
  let first = true
  try {
    for await (const page of stream.pages()) {
      await printData(rowLines(page, format, first, { disarmFormulas }))
      first = false
      rows += page.rows.length
      progress.update(rows, page.progress)
    }
  } finally {
    progress.finish()
  }
  return rows
}

/** Rows that come one after the other have no table, whose columns are as wide as the widest cell. */
function formatOf(context: Context, { format }: StreamingOptions): 'ndjson' | 'csv' | undefined {
  if (context.options.json === true || format === 'table' || format === 'json') {
    const given = context.options.json === true ? '--json' : `--format ${format}`
    throw new UsageError(
      `${given} needs all rows at once, and --order-by and --output do not have them so.`,
      'Use --format ndjson or csv.',
    )
  }
  return format
}
