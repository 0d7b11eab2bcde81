import type { BodyFormat } from '../errors/api-error.ts'

/** A failed attempt, reduced to what the decision needs. */
export type Failure =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly type?: string | undefined
      readonly code?: string | undefined
      readonly detail?: string | undefined
      readonly bodyFormat?: BodyFormat | undefined
      /** `client`: the call was held back and never sent. */
      readonly source?: 'client' | 'server' | undefined
    }
  | { readonly kind: 'connection'; readonly unsent: boolean; readonly transient: boolean }
  | { readonly kind: 'timeout' }

/** Whether another attempt makes sense, and why or why not. */
export interface Classification {
  readonly retry: boolean
  readonly reason: string
  /** Attempts in all that make sense, where that is fewer than the client would make. */
  readonly atMost?: number
}

/** Why a write is not sent again that PostHog may have done. */
export const unknownOutcome = 'a write whose outcome is unknown'

const again = (reason: string): Classification => ({ retry: true, reason })
const stop = (reason: string): Classification => ({ retry: false, reason })

/**
 * Whether a failure may be followed by another attempt.
 *
 * A write is repeated only when the server certainly did not act. For the rest the class is read from status and
 * body together: PostHog uses 504 (as JSON), 512 and 513 for queries that can never succeed.
 */
export function classify(replay: 'safe' | 'unsafe', failure: Failure): Classification {
  if (failure.kind === 'response' && failure.status === 429) {
    return failure.source === 'client' ? stop('the limit stays full for too long') : again('rate limited')
  }
  if (failure.kind === 'connection' && !failure.transient) return stop('not a passing fault')
  if (failure.kind === 'connection' && failure.unsent) return again('not sent')
  const verdict = failure.kind === 'response' ? judge(failure) : again(`${failure.kind} failed`)
  return verdict.retry && replay === 'unsafe' ? stop(unknownOutcome) : verdict
}

function judge({ status, type, code, detail, bodyFormat }: Failure & { kind: 'response' }): Classification {
  const isProxys =
    bodyFormat === 'text' || bodyFormat === 'html' || (code === undefined && detail === undefined)
  // An async query that failed answers its polls with 500; the query is over.
  if (type === 'query_status') return stop('the query failed')
  if (status === 513 && detail !== undefined && /heavy load/i.test(detail)) return again('busy')
  // A proxy's 504 is not PostHog's JSON; the app's own one says that the query was too slow.
  if (status === 504 && isProxys) return again('proxy timed out')
  // PostHog hides what ClickHouse said; mostly it would say so again.
  if (status === 500 && /clickhouse/i.test(detail ?? '')) return { ...again('status 500'), atMost: 2 }
  return [408, 500, 502, 503].includes(status) ? again(`status ${status}`) : stop(`status ${status} is final`)
}
