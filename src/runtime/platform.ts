/** What the runtime takes from the world around it. Everything that is not a pure decision goes through here. */
export interface Platform {
  fetch(request: Request): Promise<Response>
  /** Wall clock, milliseconds since 1970. */
  now(): number
  /** Milliseconds that never run backwards; only differences mean something. */
  monotonic(): number
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
  return {
    fetch: overrides.fetch ?? ((request) => globalThis.fetch(request)),
    now: overrides.now ?? (() => Date.now()),
    monotonic: overrides.monotonic ?? (() => performance.now()),
    random: overrides.random ?? (() => Math.random()),
    sleep: overrides.sleep ?? sleep,
    env: overrides.env ?? readableEnv(),
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      },
      Math.min(ms, maxTimer),
    )
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** Deno throws on each variable that it has no permission for; such a variable counts as not set. */
function readableEnv(): Platform['env'] {
  const source: Platform['env'] | undefined = globalThis.process?.env
  if (source === undefined) return {}
  return new Proxy(source, {
    get(target, name) {
      try {
        return typeof name === 'string' ? target[name] : undefined
      } catch {
        return undefined
      }
    },
  })
}
