import { readErrorBody } from '../errors/error-body.ts'
import { serverWait } from '../retry/timing.ts'
import type { Answer } from '../transport/answer.ts'
import { textOf } from '../transport/decode.ts'
import type { Refusal } from './bucket.ts'

/**
 * Reads how PostHog refused a request, when it did because of its limits. Headers suffice where the body is a stream.
 *
 * @param now milliseconds by the wall clock
 */
export function refusalIn({ status, headers, bytes }: Answer, now: number): Refusal | undefined {
  const { code, detail = '' } = bytes === undefined ? {} : readErrorBody(textOf({ bytes }))
  const waitMs = serverWait(headers, detail, now)
  if (status === 429) {
    // The throttle names a wait, or at least itself. The limit of queries at once does neither.
    const throttled = waitMs !== undefined || /request was throttled/i.test(detail)
    return { kind: throttled ? 'rate' : 'queries', waitMs }
  }
  const full = code === 'query_capacity' || /too busy/i.test(detail)
  return full ? { kind: 'queries', waitMs } : undefined
}
