import { DecodeError, ResponseTooLargeError } from '../../../runtime/errors/result-errors.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import {
  assertCells,
  type Columns,
  createRowDecoder,
  missingRowsError,
  parseColumnNames,
  parseOrThrow,
  uniqueColumnNames,
} from '../../../runtime/rows/decode-rows.ts'
import { parseLosslessRows, wideColumns } from '../../../runtime/rows/lossless-json.ts'
import { createRowReader } from '../../../runtime/rows/row-reader.ts'
import { decodeError, isJson } from '../../../runtime/transport/http-response.ts'
import type { Requester } from '../../requester.ts'
import { type ResponseFields, readResponseFields, throwReportedError } from '../../response-fields.ts'
import type { HogQLOptions } from '../query-options.ts'
import { completenessOf, isSilentTruncation, truncatedResultError } from '../query-result.ts'
import { fetchRawRows, type RawRows } from '../run-hogql.ts'
import { addQueryTo, isInBackground, prepareQuery, queryRoute, sendQuery } from '../send-query.ts'
import { describeColumns } from './check-stream.ts'
import type { StreamPage } from './stream-options.ts'

/** Bytes to parse at a time. Larger chunks survive a minor garbage collection and need half as much memory again. */
const chunkBytes = 16_384
/** Maximum characters to read of a response that is not JSON: more than its error shows. */
const maxNonJsonCharacters = 10_000
const operation = 'POST /api/projects/{project_id}/query/'

/** A batch of rows as cells. The last batch has the other fields of the response. */
export interface CellBatch {
  readonly rows: readonly unknown[]
  readonly rest: ResponseFields | undefined
}

/** The response of a query: its rows, or an unread body with them. */
export type CellResponse = RawRows | Response

/** Sends a query. A background query returns its rows, because PostHog nests its result in the query status. */
export async function requestCells(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
): Promise<CellResponse> {
  if (isInBackground(options)) return fetchRawRows(requester, query, options)
  const { source, options: call } = await prepareQuery(requester, query, options)
  return sendQuery(requester, source, call, { body: 'stream' }).asResponse().catch(addQueryTo(query))
}

/**
 * Yields the rows of a query as they arrive. Leaving the loop ends the transfer.
 *
 * @param columns the columns of the query, from `describeColumns`
 * @throws DecodeError for a response without rows, with other columns, or with a row of the wrong length
 */
export async function* readCells(
  requester: Requester,
  query: HogQL<unknown>,
  response: CellResponse,
  columns: Columns,
): AsyncGenerator<CellBatch, undefined> {
  if ('response' in response) {
    const { results, ...rest } = response.response
    assertSameColumns(columns, rest.columns)
    for (const [at, row] of results.entries()) assertCells(row, at, columns.names.length)
    yield { rows: results, rest }
    return
  }
  if (!isJson(response.headers)) throw await notJsonError(response)
  const bytes = response.body?.getReader()
  const utf8 = new TextDecoder()
  const wide = wideColumns(columns.types)
  const reader = createRowReader((items) => parseLosslessRows(items, wide))
  let columnsChecked = false
  let count = 0
  /** Bytes since the last complete row. */
  let size = 0
  const { maxResponseBytes } = requester.config
  const check = (rows: readonly unknown[]): void => {
    for (const row of rows) assertCells(row, count++, columns.names.length)
  }
  try {
    for (;;) {
      const chunk = await bytes?.read()
      if (chunk?.value === undefined) break
      for (let at = 0; at < chunk.value.length; at += chunkBytes) {
        const part = chunk.value.subarray(at, at + chunkBytes)
        const rows = parseOrThrow(() => reader.push(utf8.decode(part, { stream: true })))
        size = rows.length === 0 ? size + part.length : 0
        if (size > maxResponseBytes) throw new ResponseTooLargeError(operation, 'row', maxResponseBytes)
        if (rows.length === 0) continue
        if (!columnsChecked) assertSameColumns(columns, parseColumnNames(reader.head))
        columnsChecked = true
        check(rows)
        yield { rows, rest: undefined }
      }
    }
    const { items, response: body } = parseOrThrow(() => reader.end())
    throwReportedError(body, queryRoute, query)
    const rest = readResponseFields(body)
    if (!Array.isArray(Object(body).results) || rest.columns === undefined) throw missingRowsError()
    assertSameColumns(columns, rest.columns)
    check(items)
    yield { rows: items, rest }
  } finally {
    bytes?.cancel().catch(() => {})
  }
}

/** Creates the error for a response that is not JSON, with the start of its body. */
async function notJsonError(response: Response): Promise<DecodeError> {
  const { status, headers } = response
  const text = await readStart(response)
  return decodeError({ status, headers, response, bytes: undefined }, text, operation)
}

async function readStart({ body }: Response): Promise<string> {
  const utf8 = new TextDecoder()
  let text = ''
  // Leaving the loop ends the transfer. The types of `fetch` do not say what the chunks are.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += utf8.decode(chunk, { stream: true })
    if (text.length > maxNonJsonCharacters) break
  }
  return text
}

/** Rejects a response whose columns differ from those of the query. Its rows would get wrong names. */
function assertSameColumns({ names }: Columns, columns: readonly string[] | undefined): void {
  if (columns === undefined) return
  const found = uniqueColumnNames(columns)
  if (found.length === names.length && found.every((name, at) => name === names[at])) return
  throw new DecodeError({
    message: `The query had the columns ${names.join(', ')}, but its response has ${found.join(', ')}.`,
    fix: 'The columns changed during the query. Name the columns in the query and run it again.',
  })
}

/**
 * Streams the rows of one response.
 *
 * @throws TruncatedResultError at the end if PostHog may have cut off rows without a LIMIT in the query
 */
export async function* streamResponse<Row>(
  requester: Requester,
  query: HogQL<Row>,
  options: HogQLOptions,
  raw: boolean,
): AsyncGenerator<StreamPage<Row>, undefined> {
  const columns = await describeColumns(requester, query, options)
  const decode = createRowDecoder(columns, raw ? 'raw' : options)
  let count = 0
  const response = await requestCells(requester, query, options)
  for await (const { rows, rest } of readCells(requester, query, response, columns)) {
    const before = count
    count += rows.length
    // `Row` is trusted.
    yield {
      rows: rows.map((row, at) => decode(row, before + at)) as Row[],
      columns: columns.names,
      types: columns.types,
      next: undefined,
      progress: undefined,
    }
    if (rest === undefined) continue
    const complete = completenessOf(query, count, rest)
    if (isSilentTruncation(complete)) throw truncatedResultError(count, [], complete)
  }
}
