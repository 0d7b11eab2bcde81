import { ConfigurationError } from '../errors/posthog-error.ts'
import { isPlainObject, unexpected } from './check-options.ts'

/** Headers: an object, a `Headers`, a `Map`, or an array of pairs. */
export type HeadersInput = Readonly<Record<string, string>> | Iterable<readonly [name: string, value: string]>

/**
 * Headers of one call. `null` drops a header that the client's `headers` set, or Typehog's `User-Agent`. Typehog sets
 * `Authorization` and `Content-Type` itself: `null` for the first throws ConfigurationError, and changes nothing for the
 * second.
 *
 * @example const flags = await posthog.featureFlags.list({}, { headers: { 'x-team': null } })
 */
export type CallHeaders =
  | Readonly<Record<string, string | null>>
  | Iterable<readonly [name: string, value: string | null]>

/**
 * Validates the headers of a client and lowercases their names. Joins several values of one name with commas, like
 * `Headers`.
 *
 * @throws ConfigurationError for an invalid name or value, for undefined and null, and for Authorization, which Typehog
 * sets from the key
 */
export function readHeaders(source: unknown): Record<string, string>
/**
 * Validates the headers of a call in the same way. `null` stays: it drops the header.
 *
 * @param of `curl` drops Authorization instead of rejecting it
 */
export function readHeaders(source: unknown, of: 'call' | 'curl'): Record<string, string | null>
export function readHeaders(source: unknown, of?: 'call' | 'curl'): Record<string, string | null> {
  const headers: Record<string, string | null> = {}
  if (source === undefined) return headers
  for (const [name, value] of pairsOf(source)) {
    if (typeof name !== 'string' || !/^[\w!#$%&'*+.^`|~-]+$/.test(name))
      throw badHeader(`name ${quoted(name)}`)
    const drops = of !== undefined && value === null
    if (!drops && !['string', 'number', 'boolean'].includes(typeof value)) {
      throw unexpected(`The header ${quoted(name)}`, value, 'a string', 'Omit the header, or pass a string.')
    }
    const text = String(value)
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) throw badHeader(`value of ${quoted(name)}`)
    const key = name.toLowerCase()
    if (key === 'authorization') {
      if (of === 'curl') continue
      throw ownKey()
    }
    const earlier = Object.hasOwn(headers, key) ? headers[key] : undefined
    headers[key] = drops ? null : typeof earlier === 'string' ? `${earlier}, ${text}` : text
  }
  return headers
}

/** Splits the headers of a call into those to send, and the names of those to drop. */
export function splitHeaders(
  headers: Readonly<Record<string, string | null>>,
): readonly [given: Readonly<Record<string, string>>, dropped: readonly string[]] {
  const dropped = Object.keys(headers).filter((name) => headers[name] === null)
  // Only strings are left.
  return [omitHeaders(headers, dropped) as Readonly<Record<string, string>>, dropped]
}

/** Headers without the named ones. */
export function omitHeaders<Value>(
  headers: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

function pairsOf(source: unknown): Iterable<readonly [name: unknown, value: unknown]> {
  if (typeof source === 'object' && source !== null && Symbol.iterator in source) {
    const pairs: unknown[] = [...(source as Iterable<unknown>)]
    const odd = pairs.find((pair) => !Array.isArray(pair) || pair.length !== 2)
    if (odd === undefined) return pairs as [unknown, unknown][]
    throw unexpected('An item of `headers`', odd, 'a pair of name and value')
  }
  if (isPlainObject(source)) return Object.entries(source)
  throw unexpected('`headers`', source, 'an object or a Headers')
}

/** The error for an invalid header (RFC 9110, 5.1 and 5.5). The value may be a secret, so the message omits it. */
function badHeader(what: string): ConfigurationError {
  return new ConfigurationError({
    message: `The ${what} in \`headers\` has an invalid character.`,
    fix: 'Remove line breaks and characters beyond Latin-1, or encode them.',
  })
}

/** The error for an Authorization header: Typehog always sends the client's own key. */
function ownKey(): ConfigurationError {
  return new ConfigurationError({
    message: '`headers` contains Authorization; Typehog sets it from `apiKey`.',
    fix: 'Pass `apiKey` to `createClient`, or to `with` for single calls.',
  })
}

function quoted(name: unknown): string {
  return JSON.stringify(String(name))
}
