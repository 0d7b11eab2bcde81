import type { HogQL } from '../../runtime/hogql/hogql.ts'
import { noRows } from '../../runtime/rows/answer-faults.ts'
import { CollectedAnswer, collectAnswer } from '../../runtime/rows/collect-answer.ts'
import { type Columns, createRowDecoder, readColumns } from '../../runtime/rows/decode-rows.ts'
import { parseExactly } from '../../runtime/rows/parse-exactly.ts'
import type { BodySink } from '../../runtime/transport/body-sink.ts'
import { type AnswerFields, readAnswerFields } from '../answer-fields.ts'
import type { Requester } from '../requester.ts'
import { answerIn, type Finished, isInBackground, runInBackground } from './background.ts'
import { cachedAnswer } from './cached-answer.ts'
import { completenessOf } from './completeness.ts'
import type { HogQLOptions } from './query-options.ts'
import type { QueryResult } from './query-result.ts'
import { send } from './send.ts'
import { requestOptions, sourceOf } from './source.ts'

/** Runs a query and makes objects of its rows. */
export async function runHogQL<Row>(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
): Promise<QueryResult<Row>> {
  const { rows, answer, columns, requestId, age, stale = false } = await fetchRows(requester, query, options)
  return {
    // What the caller says of the rows is all that is known of them.
    rows: rows as Row[],
    complete: completenessOf(query, rows.length, answer),
    columns: columns.names,
    types: columns.types,
    limit: answer.limit,
    cache: { hit: answer.is_cached === true, lastRefresh: answer.last_refresh, age, stale },
    timezone: answer.timezone,
    requestId,
  }
}

/** Rows as objects. */
interface Rows extends Pick<Cells, 'columns' | 'requestId'> {
  readonly rows: readonly Record<string, unknown>[]
  readonly answer: AnswerFields
  readonly age?: number | undefined
  readonly stale?: boolean
}

/** Makes objects of the rows as they arrive; of those that come in one piece, behind them. */
async function fetchRows(requester: Requester, query: HogQL<unknown>, options: HogQLOptions): Promise<Rows> {
  if (options.ttl !== undefined) return keptRows(requester, query, options, options.ttl)
  const { data, requestId } = await fetchAnswer(requester, query, options, {
    sink: () => collectAnswer(options),
  })
  if (data instanceof CollectedAnswer) {
    const { rows, columns, rest } = data
    return { rows, columns, answer: readAnswerFields(rest), requestId }
  }
  const { answer, columns } = readCells(data)
  return { rows: answer.results.map(createRowDecoder(columns, options)), columns, answer, requestId }
}

/** Rows of an answer that the client may have kept. */
async function keptRows(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
  ttl: number,
): Promise<Rows> {
  const { signal: _, ...shared } = options
  const question = JSON.stringify([query.query, query.values, options.variables])
  const { text, requestId, age, stale } = await cachedAnswer(
    requester,
    question,
    { ...options, ttl },
    async () => {
      let written = ''
      const parse = (body: string): unknown => {
        written = body
        return parseExactly(body)
      }
      const answer = await fetchAnswer(requester, query, shared, { parse })
      // What cannot be read is not worth keeping.
      readCells(answer.data)
      return { text: written, requestId: answer.requestId }
    },
  )
  // Once for each who asked, so that nobody changes the rows of another.
  const { answer, columns } = readCells(answerIn(parseExactly(text)))
  return {
    rows: answer.results.map(createRowDecoder(columns, options)),
    columns,
    answer,
    requestId,
    age,
    stale,
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
  const { data, requestId } = await fetchAnswer(requester, query, options)
  return { ...readCells(data), requestId }
}

async function fetchAnswer(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
  reading: { readonly parse?: (text: string) => unknown; readonly sink?: () => BodySink } = {},
): Promise<Finished> {
  const source = await sourceOf(requester, query, options)
  const call = requestOptions(options)
  if (isInBackground(options)) return runInBackground(requester, source, call, reading.parse)
  return send(requester, source, { ...call, parse: parseExactly, ...reading }).withResponse()
}

/** What PostHog answers to a query: rows of cells under columns. */
export interface Answer extends AnswerFields {
  readonly results: readonly unknown[]
  readonly columns: readonly string[]
}

/** Reads an answer of rows. */
export function readCells(body: unknown): Omit<Cells, 'requestId'> {
  const { results } = Object(body)
  const { columns: names, ...fields } = readAnswerFields(body)
  if (Array.isArray(results) && names !== undefined) {
    const columns = readColumns(names, fields.types)
    return { answer: { results, columns: names, ...fields }, columns }
  }
  throw noRows()
}
