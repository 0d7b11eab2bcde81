import { DecodeError, ResponseTooLargeError } from '../../../runtime/errors/result-errors.ts'
import type { HogQL } from '../../../runtime/hogql/hogql.ts'
import {
  type Columns,
  checkCells,
  columnsIn,
  createRowDecoder,
  noRows,
  parsed,
  uniqueColumnNames,
} from '../../../runtime/rows/decode-rows.ts'
import { refuseReportedError } from '../../../runtime/rows/incomplete.ts'
import { parseLosslessRows, wideColumns } from '../../../runtime/rows/lossless-json.ts'
import { createRowReader } from '../../../runtime/rows/row-reader.ts'
import { decodeError, isJson } from '../../../runtime/transport/http-response.ts'
import type { Requester } from '../../requester.ts'
import { type ResponseFields, readResponseFields } from '../../response-fields.ts'
import type { HogQLOptions } from '../query-options.ts'
import { completenessOf, isSilentCut, truncated } from '../query-result.ts'
import { fetchCells } from '../run-hogql.ts'
import { addQueryTo, isInBackground, prepareQuery, queryRoute, sendQuery } from '../send-query.ts'
import { describeColumns } from './check-stream.ts'
import type { StreamPage } from './stream-options.ts'

/** Bytes that are parsed at once. More would outlive a young collection, and take half as much memory again. */
const pieceBytes = 16_384
/** Characters of a page in place of an answer that are read: more than its error shows. */
const shownCharacters = 10_000
const operation = 'POST /api/projects/{project_id}/query/'

/** Some rows of an answer, as cells; with the last ones what stands around them. */
export interface CellBatch {
  readonly rows: readonly unknown[]
  readonly rest: ResponseFields | undefined
}

/**
 * Runs a query and hands out its rows while they arrive. Whoever stops reading ends the transfer. A query in the
 * background comes in one piece: PostHog keeps its answer within its status.
 *
 * @param columns what the query was found to have
 * @throws DecodeError for an answer that has no rows, other columns, or a row with too few or too many cells
 */
export async function* streamCells(
  requester: Requester,
  query: HogQL<unknown>,
  options: HogQLOptions,
  columns: Columns,
): AsyncGenerator<CellBatch, undefined> {
  if (isInBackground(options)) {
    const { answer } = await fetchCells(requester, query, options)
    refuseOthers(columns, answer.columns)
    for (const [at, row] of answer.results.entries()) checkCells(row, at, columns.names.length)
    yield { rows: answer.results, rest: answer }
    return
  }
  const { source, options: call } = await prepareQuery(requester, query, options)
  const response = await sendQuery(requester, source, call, { body: 'stream' })
    .asResponse()
    .catch(addQueryTo(query))
  if (!isJson(response.headers)) throw await noJson(response)
  const bytes = response.body?.getReader()
  const utf8 = new TextDecoder()
  const wide = wideColumns(columns.types)
  const reader = createRowReader((items) => parseLosslessRows(items, wide))
  let looked = false
  let count = 0
  /** Bytes since the last row was complete. */
  let size = 0
  const { maxResponseBytes } = requester.config
  const check = (rows: readonly unknown[]): void => {
    for (const row of rows) checkCells(row, count++, columns.names.length)
  }
  try {
    for (;;) {
      const chunk = await bytes?.read()
      if (chunk?.value === undefined) break
      for (let at = 0; at < chunk.value.length; at += pieceBytes) {
        const piece = chunk.value.subarray(at, at + pieceBytes)
        const rows = parsed(() => reader.push(utf8.decode(piece, { stream: true })))
        size = rows.length === 0 ? size + piece.length : 0
        if (size > maxResponseBytes) throw new ResponseTooLargeError(operation, 'row', maxResponseBytes)
        if (rows.length === 0) continue
        if (!looked) refuseOthers(columns, columnsIn(reader.head))
        looked = true
        check(rows)
        yield { rows, rest: undefined }
      }
    }
    const { items, answer } = parsed(() => reader.end())
    refuseReportedError(answer, queryRoute, query)
    const rest = readResponseFields(answer)
    if (!Array.isArray(Object(answer).results) || rest.columns === undefined) throw noRows()
    refuseOthers(columns, rest.columns)
    check(items)
    yield { rows: items, rest }
  } finally {
    bytes?.cancel().catch(() => {})
  }
}

/** A page in place of an answer, which begins to tell what it is. */
async function noJson(response: Response): Promise<DecodeError> {
  const { status, headers } = response
  const text = await startOf(response)
  return decodeError({ status, headers, response, bytes: undefined }, text, operation)
}

async function startOf({ body }: Response): Promise<string> {
  const utf8 = new TextDecoder()
  let text = ''
  // Leaving the loop ends the transfer. By the declaration of `fetch`, the chunks may be anything.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += utf8.decode(chunk, { stream: true })
    if (text.length > shownCharacters) break
  }
  return text
}

/** Rows under other names than those that were told would be taken for something else. */
function refuseOthers({ names }: Columns, columns: readonly string[] | undefined): void {
  if (columns === undefined) return
  const found = uniqueColumnNames(columns)
  if (found.length === names.length && found.every((name, at) => name === names[at])) return
  throw new DecodeError({
    message: `The query had the columns ${names.join(', ')}, and its answer has ${found.join(', ')}.`,
    fix: 'Name the columns in the query, and run it again: it changed meanwhile.',
  })
}

/**
 * The rows of one answer while they arrive.
 *
 * @throws TruncatedResultError at the end when PostHog may have cut off rows that no LIMIT of the query left out
 */
export async function* streamResponse<Row>(
  requester: Requester,
  query: HogQL<Row>,
  options: HogQLOptions,
  asWritten: boolean,
): AsyncGenerator<StreamPage<Row>, undefined> {
  const columns = await describeColumns(requester, query, options)
  const decode = createRowDecoder(columns, asWritten ? 'written' : options)
  let count = 0
  for await (const { rows, rest } of streamCells(requester, query, options, columns)) {
    const before = count
    count += rows.length
    // What the caller says of the rows is all that is known of them.
    yield {
      rows: rows.map((row, at) => decode(row, before + at)) as Row[],
      columns: columns.names,
      types: columns.types,
      next: undefined,
      progress: undefined,
    }
    if (rest === undefined) continue
    const complete = completenessOf(query, count, rest)
    if (isSilentCut(complete)) throw truncated(count, [], complete)
  }
}
