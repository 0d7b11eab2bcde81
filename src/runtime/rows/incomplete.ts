import { type APIErrorFacts, QueryError } from '../errors/api-errors.ts'
import { redact } from '../observe/redact.ts'

/** Maximum number of rows that PostHog's query engine returns, regardless of LIMIT. */
export const engineRowCap = 50_000
/** Number of rows that PostHog returns for a query without LIMIT. */
export const defaultRowLimit = 100

/**
 * Why rows may be missing:
 *
 * - `limit`: the LIMIT of your query was reached. A computed LIMIT counts as reached. `.rows()` does not throw.
 * - `row_limit`: the default limit of a query without LIMIT was reached. There may be more rows.
 * - `row_cap`: PostHog's maximum was reached, or a lower limit that replaced yours. There may be more rows.
 * - `page`: PostHog reports more rows. Run again with the next `offset`.
 */
export type IncompleteReason = 'page' | 'row_limit' | 'row_cap' | 'limit'

/** Why a result may be incomplete, and the limit that was reached. */
export interface Incomplete<Reason extends IncompleteReason = IncompleteReason> {
  readonly reason: Reason
  readonly limit: number
}

/** Maximum length of PostHog's error text in a message, in characters. */
const maxDetail = 500

/**
 * Throws if a response with status 200 reports an error: in `error`, or in the status of a background query.
 *
 * @param facts details of the query for the error
 * @throws QueryError with PostHog's error text
 */
export function throwReportedError(
  response: unknown,
  operation: string,
  facts: Pick<APIErrorFacts, 'query' | 'values'> = {},
): void {
  const { error, query_status: status, execution_id: executionId } = Object(response)
  const { error: hasFailed, error_message: message } = Object(status)
  const text =
    errorMessageIn(error) ??
    (hasFailed === true ? (errorMessageIn(message) ?? 'The query failed.') : undefined)
  if (text === undefined) return
  const detail = redact(text)
  throw new QueryError({
    ...facts,
    ...(typeof executionId === 'string' ? { executionId } : {}),
    operation,
    status: 200,
    detail,
    message: `${operation} returned 200 with an error: ${detail.slice(0, maxDetail).replace(/\p{Cc}+/gu, ' ')}`,
    fix: 'Correct the query. PostHog returned no rows for it.',
  })
}

function errorMessageIn(error: unknown): string | undefined {
  if (typeof error === 'string') return error === '' ? undefined : error
  if (typeof error !== 'object' || error === null) return undefined
  const { message, detail } = error as { readonly message?: unknown; readonly detail?: unknown }
  const text = [detail, message].find((candidate) => typeof candidate === 'string' && candidate !== '')
  return typeof text === 'string' ? text : 'The query failed.'
}
