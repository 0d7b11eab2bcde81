import { resolve } from 'node:path'
import type { QueryCall } from '../../resources/query/query-call.ts'
import type { RowStream } from '../../resources/query/stream/row-stream.ts'
import type { StreamOptions } from '../../resources/query/stream/stream-options.ts'
import { rowLines } from '../../runtime/rows/write-rows.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { type FileOnlyFormat, formatRowCount, type RowFormat } from '../output/result.ts'
import { outputFormat, type StreamFormat } from './output-format.ts'

/** Options of a query that streams its rows. */
export interface StreamingOptions {
  readonly format?: RowFormat | FileOnlyFormat
  readonly orderBy?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly concurrency?: number
  readonly verifyCount?: boolean
  readonly output?: string
  readonly overwrite?: boolean
  readonly rawCsv?: boolean
}

/** Prints rows as they arrive, or writes them to the `--output` file. */
export async function streamQuery(
  context: Context,
  query: QueryCall<Record<string, unknown>>,
  options: StreamingOptions,
): Promise<ExitCode> {
  const { output, orderBy, verifyCount, overwrite = false, rawCsv = false } = options
  const format = streamingFormat(context, options)
  const stream: StreamOptions = {
    ...(orderBy === undefined ? {} : { orderBy }),
    ...(verifyCount === undefined ? {} : { verifyCount }),
    ...windowOptions(options),
  }
  if (output === undefined) {
    // `checkUse` rejects the formats of files.
    const lines = format === 'csv' ? 'csv' : 'ndjson'
    const rows = await printPages(context, query.stream(stream), lines, !rawCsv)
    context.note(`${formatRowCount(rows)}, complete`)
    return exitCodes.ok
  }
  const path = resolve(context.io.cwd, output)
  const exportJob = query
    .stream(stream)
    .toFile(path, { overwrite, disarmFormulas: !rawCsv, ...outputFormat(output, format) })
  const rowProgress = context.rowProgress()
  try {
    for await (const { rows, progress } of exportJob) rowProgress.update(rows, progress)
  } finally {
    rowProgress.finish()
  }
  const { rows, bytes, resumedAt } = await exportJob
  const resumed = resumedAt === 0 ? '' : `, resumed at row ${resumedAt}`
  context.note(`${formatRowCount(rows)}, ${bytes} bytes${resumed}: ${output}`)
  return exitCodes.ok
}

/**
 * Rejects options that need others.
 *
 * @throws UsageError
 */
export function checkUse(options: StreamingOptions): void {
  const { format, output } = options
  windowOptions(options)
  if (output !== undefined || (format !== 'parquet' && format !== 'arrow')) return
  throw new UsageError(
    `--format ${format} writes a file, but there is no --output.`,
    `Add --output rows.${format}, or use --format ndjson.`,
  )
}

/**
 * Reads the options of a time range.
 *
 * @throws UsageError for a range without an end or a column, and for concurrency without a range
 */
function windowOptions({ orderBy, from, to, concurrency }: StreamingOptions): StreamOptions {
  if (from === undefined && to === undefined && concurrency === undefined) return {}
  const [column] = orderBy ?? []
  if (from === undefined || to === undefined || column === undefined) {
    const given = from !== undefined ? '--from' : to !== undefined ? '--to' : '--concurrency'
    throw new UsageError(
      `${given} needs --order-by with a time column first, --from and --to.`,
      'Write them together, such as --order-by timestamp,uuid --from 2026-01-01 --to 2026-02-01.',
    )
  }
  return { window: { column, from, to }, ...(concurrency === undefined ? {} : { concurrency }) }
}

async function printPages(
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

/** Rejects formats that need all rows at once: the columns of a table are as wide as their widest cell. */
function streamingFormat(context: Context, { format }: StreamingOptions): StreamFormat | undefined {
  if (context.options.json === true || format === 'table' || format === 'json') {
    const flag = context.options.json === true ? '--json' : `--format ${format}`
    throw new UsageError(
      `${flag} needs all rows at once, but --order-by and --output stream them.`,
      'Use --format ndjson or --format csv.',
    )
  }
  return format
}
