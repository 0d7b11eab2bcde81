import { unexpected } from './config/check-options.ts'
import { type Clock, untilAbort, watchSignal } from './transport/deadline.ts'

/** Side effects of the runtime: fetch, clocks, timers, randomness and environment. */
export interface Platform extends Clock {
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Wall clock, milliseconds since 1970. */
  now(): number
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number
  /** Resolves after `ms`. Rejects with the signal's reason when the signal aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Maximum delay of `setTimeout`, in milliseconds. A longer one fires at once. */
const maxTimer = 2_147_483_647

/** Creates the platform of this process. Reads nothing at import time. */
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

/** Wraps a `fetch` so that it always respects its signal. Discards a late response. */
export function abortable(fetch: Platform['fetch']): Platform['fetch'] {
  return async (url, init) => {
    const pending = Promise.resolve(fetch(url, init))
    const response = await (init.signal
      ? untilAbort(pending, watchSignal(init.signal), (lateResponse) => {
          if (isResponse(lateResponse)) discardBody(lateResponse)
        })
      : pending)
    if (isResponse(response)) return response
    throw unexpected(
      'The result of the option `fetch`',
      response,
      'a Response',
      'Return the response of `fetch`.',
    )
  }
}

/** Whether a value is a `Response`, also from another realm or package. */
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

/** Waits with the given timer. Rejects with the signal's reason on abort. */
export function sleep(timer: Platform['timer'], ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const cancel = timer(ms, () => {
      removeCallback?.()
      resolve()
    })
    const removeCallback =
      signal &&
      watchSignal(signal).onAbort(() => {
        cancel()
        reject(signal.reason)
      })
  })
}

/** The environment. Unreadable variables count as not set: Deno throws without permission. */
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
  // The target is an empty object: the proxy invariants read each property of the target, and Deno would throw.
  return new Proxy<Platform['env']>(
    {},
    { get: (_, name) => read(name), has: (_, name) => read(name) !== undefined },
  )
}
