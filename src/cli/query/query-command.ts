import type { QueryResult } from '../../resources/query/query-result.ts'
import { hogql } from '../../runtime/hogql/hogql.ts'
import { connect } from '../connect.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { countOfRows } from '../output/count-of-rows.ts'
import { printResult } from '../output/print-result.ts'
import { readParams } from './read-params.ts'
import { readQuery } from './read-query.ts'
import { type StreamingOptions, streamQuery } from './stream-query.ts'

/** Options of `query`. */
export interface QueryCommandOptions extends StreamingOptions {
  readonly file?: string
  readonly param?: readonly string[]
  readonly name?: string
  readonly variable?: readonly string[]
}

/** `typehog query`. */
export async function queryCommand(
  context: Context,
  text: string | undefined,
  { file, param = [], variable = [], name, ...streaming }: QueryCommandOptions,
): Promise<ExitCode> {
  const { io } = context
  const values = readParams(param)
  const query = hogql.text(await readQuery(io, text, file), values)
  const { client } = await connect(context)
  const call = client.hogql<Record<string, unknown>>(query, {
    signal: io.signal,
    // All digits; what a number holds is written as one all the same.
    int64: 'bigint',
    ...(name === undefined ? {} : { name }),
    ...(variable.length === 0 ? {} : { variables: readParams(variable, '--variable') }),
  })
  const { orderBy, output } = streaming
  if (orderBy !== undefined || output !== undefined) return streamQuery(context, call, streaming)
  const result = await call
  await printResult(context, result, streaming, summary(result))
  return exitCodes.ok
}

/** Reaching a LIMIT of the query itself is what its author wrote; every other limit may cost rows. */
function summary({ rows, complete, cache }: QueryResult<unknown>): { text: string; missing: boolean } {
  const count = `${countOfRows(rows.length)}${cache.hit ? ', cached' : ''}`
  if (complete === true) return { text: `${count}, complete`, missing: false }
  const { reason, limit } = complete
  if (reason === 'limit') return { text: `${count}, its LIMIT of ${limit} was reached`, missing: false }
  return { text: `${count}, INCOMPLETE: ${cuts[reason](limit)}`, missing: true }
}

type Reason = Exclude<QueryResult<unknown>['complete'], true>['reason']

const cuts: Readonly<Record<Exclude<Reason, 'limit'>, (limit: number) => string>> = {
  row_limit: (limit) => `PostHog gives ${limit} rows to a query without LIMIT (write one)`,
  row_cap: (limit) => `PostHog gives ${limit} rows at most (narrow the query)`,
}
