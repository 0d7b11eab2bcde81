import type { Fetch, TokenProvider } from '../auth/token-provider.ts'
import { keepSecret } from '../observe/redact.ts'
import { shareSecrets } from '../observe/secrets.ts'

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
