import { credentialOf } from '../config/credential.ts'
import type { Config } from '../config/resolve.ts'
import type { Watch } from '../observe/watch.ts'
import type { Platform } from '../platform.ts'
import type { Send } from '../transport/middleware.ts'
import type { Limiter, Refusal } from './limiter.ts'

/** A step that lets a request through when PostHog will take it, and learns from what PostHog refuses. */
export function withLimits(
  config: Config,
  platform: Pick<Platform, 'now'>,
  load: () => Promise<Limiter>,
  watch: Watch,
  send: Send,
): Send {
  if (config.limits === false) return send
  const { origin, keyKind } = config
  const credential = credentialOf(config)
  return async (outgoing, run) => {
    const { operation, call, scope, deadline } = run
    const { throttle = 'default', project, runsQuery = false, priority = 'normal' } = call
    const demand = { origin, credential, keyKind, throttle, project, runsQuery }
    const onWait = (waitMs: number | undefined): void =>
      watch.rateLimit({ operation, bucket: throttle, source: 'client', waitMs })
    const limiter = await load()
    const pass = await limiter.enter({ operation, demand, priority, scope, deadline, onWait })
    let refusal: Refusal | undefined
    try {
      const answer = await send(outgoing, run)
      if (answer.status === 429 || answer.status === 503) {
        const { refusalIn } = await import('./refusal-in.ts')
        refusal = refusalIn(answer, platform.now())
      }
      if (refusal !== undefined) {
        watch.rateLimit({ operation, bucket: throttle, source: 'server', waitMs: refusal.waitMs })
      }
      return answer
    } finally {
      if (pass.holdsPlace || refusal !== undefined) await pass.leave(refusal)
    }
  }
}
