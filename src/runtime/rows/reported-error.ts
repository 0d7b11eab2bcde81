import type { APIErrorFacts } from '../errors/api-error.ts'
import { QueryError } from '../errors/query-error.ts'
import { redact } from '../observe/redact.ts'

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
