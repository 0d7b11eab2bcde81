import { ConfigurationError, isPostHogError } from '../errors/posthog-error.ts'
import { addSecret } from '../observe/redact.ts'
import { shareSecrets } from '../observe/secrets.ts'
import type { Fetch, TokenProvider } from './token-cache.ts'

/** Kind of a key, by its prefix. Very old personal keys have no prefix: `unknown`. */
export type KeyKind = 'personal' | 'project_secret' | 'oauth' | 'project_token' | 'oauth_refresh' | 'unknown'

const kinds: Readonly<Record<string, KeyKind>> = {
  phx_: 'personal',
  phs_: 'project_secret',
  pha_: 'oauth',
  phc_: 'project_token',
  phr_: 'oauth_refresh',
}

/** Determines the kind of a key from its prefix. */
export function classifyKey(key: string): KeyKind {
  return kinds[key.trim().slice(0, 4)] ?? 'unknown'
}

/**
 * Validates a key and trims it.
 *
 * @throws ConfigurationError when it is empty, is invalid in a header, or has a kind that the API rejects. The message
 * never shows the key.
 */
export function checkKey(key: unknown, source = '`apiKey`'): string {
  const text = typeof key === 'string' ? key.trim() : ''
  if (text === '') throw badKey(`${source} is ${typeof key === 'string' ? 'empty' : 'not a string'}.`)
  if (!/^[!-~]+$/.test(text)) {
    throw badKey(`${source} contains a space, a line break or another invalid character.`)
  }
  const kind = classifyKey(text)
  if (kind === 'project_token') {
    throw badKey(`${source} is a project token (phc_), which can only send events.`)
  }
  if (kind === 'oauth_refresh') {
    throw badKey(`${source} is an OAuth refresh token (phr_), which can only request access tokens.`)
  }
  return text
}

function badKey(message: string): ConfigurationError {
  return new ConfigurationError({ message, fix: keyFix })
}

/** The fix for a missing or invalid key. */
export const keyFix: string =
  'Create a personal API key (phx_) in PostHog under Settings > Personal API keys, or use a project secret API key (phs_) for endpoints.'

/** A key, or a function or provider that returns one. */
export type KeySource = string | (() => string | Promise<string>) | TokenProvider

/** Keys by configuration. They are separate, so that printing a configuration cannot show a key. */
const sources = new WeakMap<object, KeySource>()

/**
 * Stores the key of a configuration, and registers it as a secret to redact from errors and log lines. A provider gets
 * the client's `fetch`.
 */
export function storeKey(config: object, source: KeySource, fetch?: Fetch): void {
  sources.set(config, typeof source === 'object' && fetch !== undefined ? withFetch(source, fetch) : source)
  if (typeof source === 'string') addSecret(config, source)
  else if (typeof source === 'object') shareSecrets(source, config)
}

function withFetch(provider: TokenProvider, fetch: Fetch): TokenProvider {
  return {
    token: (signal) => provider.token(signal, fetch),
    rejected: (key) => provider.rejected(key),
  }
}

/** The source of a configuration's key. */
export function keySourceOf(config: object): KeySource | undefined {
  return sources.get(config)
}

/** The `credentialId` of every renewable key. */
export const renewable = 'renewable'

/** Identifies the key in shared rate limits without exposing it: its hash, or a constant for renewable keys. */
export function credentialId(config: object): string {
  const source = sources.get(config)
  return typeof source === 'string' ? hash(source) : renewable
}

/** Two 32-bit FNV-1a hashes. A key is too long and too random for a brute-force search. */
function hash(text: string): string {
  let [first, second] = [0x811c9dc5, 0x01000193]
  for (let index = 0; index < text.length; index++) {
    first = Math.imul(first ^ text.charCodeAt(index), 0x01000193)
    second = Math.imul(second ^ text.charCodeAt(index), 0x5bd1e995)
  }
  return (first >>> 0).toString(16) + (second >>> 0).toString(16)
}

/**
 * Returns the current key. Calls a key function each time, and validates its result.
 *
 * @throws ConfigurationError when the function throws (its error is the `cause`) or returns an invalid key
 */
export async function currentKey(
  config: object,
  call: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const source = keySourceOf(config)
  // `createClient` has validated it.
  if (typeof source === 'string') return source
  let key: unknown
  try {
    key = await (typeof source === 'function' ? source() : source?.token(call.signal))
  } catch (cause) {
    // The provider's own errors have a fix, and the caller's abort reason stays unchanged.
    if (isPostHogError(cause) || call.signal?.aborted) throw cause
    throw new ConfigurationError({ message: 'The `apiKey` function failed.', fix: 'See `cause`.', cause })
  }
  addSecret(config, key)
  return checkKey(key, 'The key from the `apiKey` function')
}

/** Reports a rejected key to its source. Returns false when the source has no other key. */
export function reportRejectedKey(config: object, key: string): boolean {
  const source = keySourceOf(config)
  if (typeof source === 'object') source.rejected(key)
  return typeof source !== 'string'
}
