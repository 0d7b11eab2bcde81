import type { TokenProvider } from '../auth/token-provider.ts'
import { ConfigurationError } from '../errors/configuration-error.ts'
import { isPostHogError } from '../errors/posthog-error.ts'
import { checkKey } from './key.ts'

/** A key, or how to get one. */
export type KeySource = string | (() => string | Promise<string>) | TokenProvider

/** Keys stand apart from the configuration, so that printing the configuration cannot show them. */
const sources = new WeakMap<object, KeySource>()

/** Remembers the key of a configuration. */
export function keepKey(config: object, source: KeySource): void {
  sources.set(config, source)
}

/** Where the key of a configuration comes from. */
export function keySourceOf(config: object): KeySource | undefined {
  return sources.get(config)
}

/**
 * The key to send now. A function is asked each time, and what it returns is checked like any key.
 *
 * @throws ConfigurationError when the function throws (its error is the `cause`) or returns something unusable
 */
export async function currentKey(
  config: object,
  call: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const source = sources.get(config)
  // What a client was made with was checked then.
  if (typeof source === 'string') return source
  let key: unknown
  try {
    key = await (typeof source === 'function' ? source() : source?.token(call.signal))
  } catch (cause) {
    // The provider's own errors say what to do, and the caller's abort reason is passed on as it is.
    if (isPostHogError(cause) || call.signal?.aborted) throw cause
    throw new ConfigurationError({ message: 'The `apiKey` function failed.', fix: 'See `cause`.', cause })
  }
  return checkKey(key, 'What the `apiKey` function returned')
}

/** Tells the source that PostHog did not know a key. False when there is no other key to be had. */
export function refuseKey(config: object, key: string): boolean {
  const source = sources.get(config)
  if (typeof source === 'object') source.refused(key)
  return typeof source !== 'string'
}

/** Stands for the key in counts that others may read: a hash of it, or one word for keys that change. */
export function credentialOf(config: object): string {
  const source = sources.get(config)
  return typeof source === 'string' ? hash(source) : 'renewable'
}

/** Two FNV-1a hashes of 32 bits. A key is too long and too random to be found by trying. */
function hash(text: string): string {
  let [one, two] = [0x811c9dc5, 0x01000193]
  for (let at = 0; at < text.length; at++) {
    one = Math.imul(one ^ text.charCodeAt(at), 0x01000193)
    two = Math.imul(two ^ text.charCodeAt(at), 0x5bd1e995)
  }
  return (one >>> 0).toString(16) + (two >>> 0).toString(16)
}
