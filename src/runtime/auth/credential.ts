import { ConfigurationError, isPostHogError } from '../errors/posthog-error.ts'
import { keepSecret } from '../observe/redact.ts'
import { shareSecrets } from '../observe/secrets.ts'
import type { Fetch, TokenProvider } from './token-cache.ts'

/** What a key is, by its prefix. Very old personal keys have none: `unknown`. */
export type KeyKind = 'personal' | 'project_secret' | 'oauth' | 'project_token' | 'oauth_refresh' | 'unknown'

const kinds: Readonly<Record<string, KeyKind>> = {
  phx_: 'personal',
  phs_: 'project_secret',
  pha_: 'oauth',
  phc_: 'project_token',
  phr_: 'oauth_refresh',
}

/** What a key is, by its prefix. */
export function classifyKey(key: string): KeyKind {
  return kinds[key.trim().slice(0, 4)] ?? 'unknown'
}

/**
 * A key that may be sent, without spaces around it.
 *
 * @throws ConfigurationError when it is empty, cannot stand in a header, or is of a kind that the API refuses. The
 * message never shows the key.
 */
export function checkKey(key: unknown, source = '`apiKey`'): string {
  const text = typeof key === 'string' ? key.trim() : ''
  if (text === '') throw badKey(`${source} is ${typeof key === 'string' ? 'empty' : 'not a string'}.`)
  if (!/^[!-~]+$/.test(text)) {
    throw badKey(`${source} contains a space, a line break or another character that no key has.`)
  }
  const kind = classifyKey(text)
  if (kind === 'project_token') {
    throw badKey(`${source} is a project token (phc_), which can only send events.`)
  }
  if (kind === 'oauth_refresh') {
    throw badKey(`${source} is an OAuth refresh token (phr_), which only gets access tokens.`)
  }
  return text
}

function badKey(message: string): ConfigurationError {
  return new ConfigurationError({ message, fix: keyFix })
}

/** Which key is needed and where it is made. */
export const keyFix: string =
  'Use a personal API key (phx_), made in PostHog under Settings > Personal API keys, or a project secret API key (phs_) for endpoints.'

/** A key, or how to get one. */
export type KeySource = string | (() => string | Promise<string>) | TokenProvider

/** Keys stand apart from the configuration, so that printing the configuration cannot show them. */
const sources = new WeakMap<object, KeySource>()

/**
 * Remembers the key of a configuration, also as a secret that its errors and log lines do not show. A provider is given
 * the client's `fetch`.
 */
export function keepKey(config: object, source: KeySource, fetch?: Fetch): void {
  sources.set(config, typeof source === 'object' && fetch !== undefined ? withFetch(source, fetch) : source)
  if (typeof source === 'string') keepSecret(config, source)
  else if (typeof source === 'object') shareSecrets(source, config)
}

function withFetch(provider: TokenProvider, fetch: Fetch): TokenProvider {
  return {
    token: (signal) => provider.token(signal, fetch),
    refused: (key) => provider.refused(key),
  }
}

/** Where the key of a configuration comes from. */
export function keySourceOf(config: object): KeySource | undefined {
  return sources.get(config)
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

/**
 * The key to send now. A function is asked each time, and what it returns is checked like any key.
 *
 * @throws ConfigurationError when the function throws (its error is the `cause`) or returns something unusable
 */
export async function currentKey(
  config: object,
  call: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const source = keySourceOf(config)
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
  keepSecret(config, key)
  return checkKey(key, 'What the `apiKey` function returned')
}

/** Tells the source that PostHog did not know a key. False when there is no other key to be had. */
export function refuseKey(config: object, key: string): boolean {
  const source = keySourceOf(config)
  if (typeof source === 'object') source.refused(key)
  return typeof source !== 'string'
}
