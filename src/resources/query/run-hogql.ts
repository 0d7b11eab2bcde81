import { DecodeError } from '../../runtime/errors/decode-error.ts'
import { explicitLimit } from '../../runtime/hogql/explicit-limit.ts'
import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { type Columns, createRowDecoder, readColumns } from '../../runtime/rows/decode-rows.ts'
import { parseExactly } from '../../runtime/rows/parse-exactly.ts'
import { type AnswerFields, answerFix, readAnswerFields } from '../answer-fields.ts'
import type { Requester } from '../requester.ts'
import { runInBackground } from './background.ts'
import { completenessOf } from './completeness.ts'
import type { HogQLOptions } from './query-options.ts'
import type { QueryResult } from './query-result.ts'
import { send } from './send.ts'
import { requestOptions, sourceOf } from './source.ts'

/** Runs a query and makes objects of its rows. */
export async function runHogQL<Row>(
  requester: Requester,
  query: HogQL<Row>,
  options: HogQLOptions,
): Promise<QueryResult<Row>> {
  const { answer, columns, requestId } = await fetchCells(requester, query, options)
  const decode = createRowDecoder(columns, options)
  return {
    // What the caller says of the rows is all that is known of them.
    rows: answer.results.map(decode) as Row[],
    complete: completenessOf({
      rows: answer.results.length,
      hasMore: answer.hasMore,
      answeredLimit: answer.limit,
      explicitLimit: explicitLimit(query.query, query.values),
    }),
    columns: columns.names,
    types: columns.types,
    limit: answer.limit,
    cache: { hit: answer.is_cached === true, lastRefresh: answer.last_refresh },
    timezone: answer.timezone,
    requestId,
  }
}

/** Rows as PostHog wrote them, but with exact integers. */
export interface Cells {
  readonly answer: Answer
  readonly columns: Columns
  readonly requestId: string | undefined
}

/** Runs a query. */
export async function fetchCells(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
): Promise<Cells> {
  const source = await sourceOf(requester, query, options)
  const call = requestOptions(options)
  const { data, requestId } =
    options.async === true
      ? await runInBackground(requester, source, call, options.onProgress)
      : await send(requester, source, { ...call, parse: parseExactly }).withResponse()
  const answer = read(data)
  return { answer, columns: readColumns(answer.columns, answer.types), requestId }
}

/** What PostHog answers to a query: rows of cells under columns. */
export interface Answer extends AnswerFields {
  readonly results: readonly unknown[]
  readonly columns: readonly string[]
}

function read(body: unknown): Answer {
  const { results } = Object(body)
  const { columns, ...fields } = readAnswerFields(body)
  if (Array.isArray(results) && columns !== undefined) return { results, columns, ...fields }
  throw new DecodeError({
    message: 'The answer to a query has no `results` and `columns`.',
    fix: answerFix,
  })
}
