import { readErrorBody } from '../errors/error-body.ts'
import { serverWait } from '../retry/timing.ts'
import type { Answer } from '../transport/answer.ts'
import { textOf } from '../transport/decode.ts'
import type { Refusal } from './track.ts'

/** Reads how PostHog refused a request, if for its limits. `now` in milliseconds by the wall clock. */
export function refusalIn({ status, headers, bytes }: Answer, now: number): Refusal | undefined {
  if (bytes === undefined) return undefined
  const { code, detail } = readErrorBody(textOf({ bytes }))
  const waitMs = serverWait(headers.get('retry-after'), detail, now)
  if (status === 429) return { kind: waitMs === undefined ? 'queries' : 'rate', waitMs }
  const full = code === 'query_capacity' || /too busy/i.test(detail ?? '')
  return full ? { kind: 'capacity', waitMs } : undefined
}
