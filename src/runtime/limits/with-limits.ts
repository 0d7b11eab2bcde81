import { credentialOf } from '../config/credential.ts'
import type { Config } from '../config/resolve.ts'
import type { Watch } from '../observe/watch.ts'
import type { Platform } from '../platform.ts'
import { untilAbort } from '../transport/abort.ts'
import type { CallRun } from '../transport/context.ts'
import type { Send } from '../transport/middleware.ts'
import type { Refusal } from './bucket.ts'
import type { Limiter } from './limiter.ts'
import { refusalIn } from './refusal-in.ts'

/** A step that lets a request through when PostHog will take it, and adapts to what PostHog refuses. */
export function withLimits(
  config: Config,
  platform: Pick<Platform, 'now'>,
  limiter: Limiter,
  watch: Watch,
  send: Send,
): Send {
  if (config.limits === false) return send
  const { origin, keyKind } = config
  const credential = credentialOf(config)
  const onWait = ({ operation, call }: CallRun, waitMs: number | undefined): void =>
    watch.rateLimit({ operation, bucket: call.throttle ?? 'default', source: 'client', waitMs })
  return async (outgoing, run) => {
    const { throttle = 'default', project, runsQuery = false } = run.call
    const bucket = limiter.bucketOf({ origin, credential, keyKind, throttle, project, runsQuery })
    const entered = bucket.enter(run, onWait)
    const reservation = entered instanceof Promise ? await entered : entered
    let refusal: Refusal | undefined
    let outcome: 'answered' | 'failed' = 'failed'
    try {
      const answer = await send(outgoing, run)
      outcome = 'answered'
      if (answer.status === 429 || answer.status === 503) {
        refusal = refusalIn(answer, platform.now())
      }
      if (refusal !== undefined) {
        const { operation } = run
        watch.rateLimit({ operation, bucket: throttle, source: 'server', waitMs: refusal.waitMs })
      }
      return answer
    } finally {
      const left = bucket.leave(reservation, refusal ?? outcome)
      // A slow store delays no call beyond its end.
      if (left !== undefined) await untilAbort(left, run.scope).catch(() => {})
    }
  }
}
