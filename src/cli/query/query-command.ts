import type { QueryResult } from '../../resources/query/query-result.ts'
import { hogql } from '../../runtime/hogql/hogql.ts'
import { assertOnlyChart, type ChartKind } from '../chart/chart.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { connect } from '../connect.ts'
import type { Context } from '../context.ts'
import type { Flags } from '../library-fixes.ts'
import { formatRowCount, printResult, type ResultSummary, rowFormats } from '../output/result.ts'
import { declaredTypes, readParams, readQuery } from './query-input.ts'
import { checkUse, type StreamingOptions, streamQuery } from './stream-query.ts'

/** Options of `query`. */
export interface QueryCommandOptions extends StreamingOptions {
  readonly file?: string
  readonly param?: readonly string[]
  readonly name?: string
  readonly variable?: readonly string[]
  readonly chart?: ChartKind
}

/** `typehog query`: prints rows to stdout and a summary to stderr. */
export async function queryCommand(
  context: Context,
  text: string | undefined,
  { file, param = [], variable = [], name, ...streaming }: QueryCommandOptions,
): Promise<ExitCode> {
  const { io } = context
  const { orderBy, output, chart, format, rawCsv = false } = streaming
  assertOnlyChart(chart, {
    '--json': context.options.json === true,
    '--output': output !== undefined,
    '--order-by': orderBy !== undefined,
    '--format': format !== undefined,
    '--raw-csv': rawCsv,
  })
  checkUse(streaming)
  const queryText = await readQuery(io, text, file)
  const query = hogql.text(queryText, readParams(param, '--param', declaredTypes(queryText)))
  const { client } = await connect(context)
  const call = client.hogql<Record<string, unknown>>(query, {
    signal: io.signal,
    // Keeps every digit. Integers that fit a number are still printed as numbers.
    int64: 'bigint',
    ...(name === undefined ? {} : { name }),
    ...(variable.length === 0 ? {} : { variables: readParams(variable, '--variable') }),
  })
  if (orderBy !== undefined || output !== undefined) return streamQuery(context, call, streaming)
  const result = await call
  // `checkUse` rejects the formats of files.
  const printed = rowFormats.find((name) => name === format)
  const shown = {
    rawCsv,
    ...(printed === undefined ? {} : { format: printed }),
    ...(chart === undefined ? {} : { chart }),
  }
  await printResult(context, result, shown, summarize(result, context.flags))
  return exitCodes.ok
}

/**
 * Summarizes a result in one line. The user intends the LIMIT of the query; any other limit may hide rows.
 *
 * @param flags flags of the command
 */
export function summarize({ rows, complete, cache }: QueryResult<unknown>, flags: Flags): ResultSummary {
  const count = `${formatRowCount(rows.length)}${cache.hit ? ', cached' : ''}`
  if (complete === true) return { text: `${count}, complete`, incomplete: false }
  const { reason, limit } = complete
  if (reason === 'limit') {
    return { text: `${count}, reached the query's LIMIT of ${limit}`, incomplete: false }
  }
  return { text: `${count}, INCOMPLETE: ${limitMessages[reason](limit, flags)}`, incomplete: true }
}

type Reason = Exclude<QueryResult<unknown>['complete'], true>['reason']

const limitMessages: Readonly<Record<Exclude<Reason, 'limit'>, (limit: number, flags: Flags) => string>> = {
  row_limit: (limit) => `PostHog returns ${limit} rows for a query without LIMIT (add a LIMIT)`,
  row_cap: (limit, flags) =>
    `PostHog never returns more than ${limit} rows (${flags.has('--order-by') ? 'use --order-by' : 'narrow the query'})`,
}
