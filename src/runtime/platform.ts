import { unexpected } from './config/check-options.ts'
import { type Clock, untilAbort, watchSignal } from './transport/deadline.ts'

/** What the runtime takes from the world around it. Everything that is not a pure decision goes through here. */
export interface Platform extends Clock {
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Wall clock, milliseconds since 1970. */
  now(): number
  /** A number from 0 up to, not including, 1. */
  random(): number
  /** Resolves after `ms`; rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Longest delay of `setTimeout`, in milliseconds; a longer one would fire at once. */
const maxTimer = 2_147_483_647

/** The platform of this process, read when it is used and never at import. */
export function createPlatform(
  overrides: { readonly [Key in keyof Platform]?: Platform[Key] | undefined } = {},
): Platform {
  const timer = overrides.timer ?? startTimer
  return {
    fetch: overrides.fetch ? abortable(overrides.fetch) : (url, init) => globalThis.fetch(url, init),
    now: overrides.now ?? (() => Date.now()),
    monotonic: overrides.monotonic ?? (() => performance.now()),
    random: overrides.random ?? (() => Math.random()),
    timer,
    sleep: overrides.sleep ?? ((ms, signal) => sleep(timer, ms, signal)),
    env: overrides.env ?? readableEnv(),
  }
}

/** A `fetch` that obeys its signal, whatever the given one does: an answer that comes too late is let go. */
export function abortable(fetch: Platform['fetch']): Platform['fetch'] {
  return async (url, init) => {
    const sent = Promise.resolve(fetch(url, init))
    const response = await (init.signal
      ? untilAbort(sent, watchSignal(init.signal), (late) => {
          if (isResponse(late)) discardBody(late)
        })
      : sent)
    if (isResponse(response)) return response
    throw unexpected(
      'What the option `fetch` returned',
      response,
      'a Response',
      'Return what `fetch` resolves with.',
    )
  }
}

/** Whether a value is a `Response`, also of another realm or package. */
export function isResponse(value: unknown): value is Response {
  const { status, headers } = Object(value)
  return typeof status === 'number' && typeof Object(headers).get === 'function'
}

/** Cancels an unwanted body, which frees its connection. */
export function discardBody(response: Response): void {
  response.body?.cancel().catch(() => {})
}

function startTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, Math.min(ms, maxTimer))
  return () => clearTimeout(timer)
}

/** A wait over any timer, which an abort ends. */
export function sleep(timer: Platform['timer'], ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const cancel = timer(ms, () => {
      leave?.()
      resolve()
    })
    const leave =
      signal &&
      watchSignal(signal).onAbort(() => {
        cancel()
        reject(signal.reason)
      })
  })
}

/** The environment. What may not be read counts as not set: Deno throws where it has no permission. */
function readableEnv(): Platform['env'] {
  const read = (name: string | symbol): string | undefined => {
    if (typeof name !== 'string') return undefined
    try {
      const value: unknown = globalThis.process?.env?.[name]
      return typeof value === 'string' ? value : undefined
    } catch {
      return undefined
    }
  }
  // Over an empty object: of what a proxy stands over, the language itself looks each property up again, and Deno
  // throws on that as well.
  return new Proxy<Platform['env']>(
    {},
    { get: (_, name) => read(name), has: (_, name) => read(name) !== undefined },
  )
}
