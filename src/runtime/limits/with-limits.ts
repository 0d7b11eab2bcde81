import { credentialOf } from '../config/credential.ts'
import type { Config } from '../config/resolve.ts'
import type { Watch } from '../observe/watch.ts'
import type { Platform } from '../platform.ts'
import type { Call, CallRun } from '../transport/context.ts'
import type { Send } from '../transport/middleware.ts'
import type { Limiter } from './limiter.ts'
import { refusalIn } from './refusal-in.ts'
import type { Refusal, Track } from './track.ts'

/** A step that lets a request through when PostHog will take it, and learns from what PostHog refuses. */
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
  const tracks = new Map<string, Track>()
  const trackOf = ({ throttle = 'default', project, runsQuery = false }: Call): Track => {
    const name = `${throttle} ${project} ${runsQuery}`
    const known = tracks.get(name)
    if (known !== undefined) return known
    const track = limiter.trackOf({ origin, credential, keyKind, throttle, project, runsQuery })
    tracks.set(name, track)
    return track
  }
  const onWait = ({ operation, call }: CallRun, waitMs: number | undefined): void =>
    watch.rateLimit({ operation, bucket: call.throttle ?? 'default', source: 'client', waitMs })
  return async (outgoing, run) => {
    const track = trackOf(run.call)
    const entered = track.enter(run, onWait)
    const granted = entered instanceof Promise ? await entered : entered
    let refusal: Refusal | undefined
    try {
      const answer = await send(outgoing, run)
      if (answer.status === 429 || answer.status === 503) {
        refusal = refusalIn(answer, platform.now())
      }
      if (refusal !== undefined) {
        const { operation } = run
        const bucket = track.demand.throttle
        watch.rateLimit({ operation, bucket, source: 'server', waitMs: refusal.waitMs })
      }
      return answer
    } finally {
      if (granted.claim.gates.length > 0 || refusal !== undefined) await track.leave(granted, refusal)
    }
  }
}
