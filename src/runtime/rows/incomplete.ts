import { type APIErrorFacts, QueryError } from '../errors/api-errors.ts'
import { redact } from '../observe/redact.ts'

/** The most rows that PostHog's query engine returns at once, whatever LIMIT asks for. */
export const engineRowCap = 50_000
/** Rows that a query without LIMIT gets. */
export const defaultRowLimit = 100

/**
 * Why rows may be missing:
 *
 * - `limit`: the LIMIT that you wrote was reached. A computed LIMIT counts as reached. No error for `.rows()`.
 * - `row_limit`: as many rows as the limit that PostHog applies where none is written. There may be more.
 * - `row_cap`: as many rows as PostHog ever returns, or a lower limit that it put in place of yours. There may be more.
 * - `page`: PostHog says that more rows follow. Run again with the next `offset`.
 */
export type IncompleteReason = 'page' | 'row_limit' | 'row_cap' | 'limit'

/** Why a result may not hold every row, with the limit that cut it. */
export interface Incomplete<Reason extends IncompleteReason = IncompleteReason> {
  readonly reason: Reason
  readonly limit: number
}

/** Longest part of PostHog's sentence that a message shows, in characters. */
const maxDetail = 500

/**
 * Refuses the answer of a query that failed although the status is 200: PostHog puts its sentence into `error`, or into
 * the status of a query in the background.
 *
 * @param facts what the error says of the query
 * @throws QueryError with the sentence
 */
export function refuseReportedError(
  answer: unknown,
  operation: string,
  facts: Pick<APIErrorFacts, 'query' | 'values'> = {},
): void {
  const { error, query_status: status, execution_id: executionId } = Object(answer)
  const { error: hasFailed, error_message: message } = Object(status)
  const sentence =
    sentenceIn(error) ?? (hasFailed === true ? (sentenceIn(message) ?? 'The query failed.') : undefined)
  if (sentence === undefined) return
  const detail = redact(sentence)
  throw new QueryError({
    ...facts,
    ...(typeof executionId === 'string' ? { executionId } : {}),
    operation,
    status: 200,
    detail,
    message: `${operation} was answered by 200 with an error: ${detail.slice(0, maxDetail).replace(/\p{Cc}+/gu, ' ')}`,
    fix: 'Correct the query. PostHog returned no rows for it.',
  })
}

function sentenceIn(error: unknown): string | undefined {
  if (typeof error === 'string') return error === '' ? undefined : error
  if (typeof error !== 'object' || error === null) return undefined
  const { message, detail } = error as { readonly message?: unknown; readonly detail?: unknown }
  const sentence = [detail, message].find((one) => typeof one === 'string' && one !== '')
  return typeof sentence === 'string' ? sentence : 'The query failed.'
}
