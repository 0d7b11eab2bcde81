import { decodeEscapes, isSecretName, Secrets, type Span, secretsOf } from './secrets.ts'

/** Replaces a secret. */
export const redacted = '[redacted]'

/** Redacts the secrets in a string. */
export type Redact = (text: string) => string

/** The newest keys of this process, for errors that are created without access to the client. */
const recent = new Secrets(50)

/** Passwords in URLs, PostHog's private keys, bearer tokens, and named keys. The first group is not redacted. */
const shapes: readonly RegExp[] = [
  /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
  /((?<![a-z\d])(?:ph[xsar]_|Bearer\s+))[\w.~+/=-]{4,}/gi,
  /((?:api_?key|(?:access|refresh)_?token|client_?secret)(?:=|"\s*:\s*"))(?!phc_)[^\s&"'<>[\\]+/gi,
]

/** Registers a secret of a client, to redact it from errors and log lines. */
export function addSecret(owner: object, secret: unknown): void {
  secretsOf(owner).add(secret)
  recent.add(secret)
}

/**
 * Redacts everything that looks like a private key, the newest keys of this process, and the given secrets. Also finds
 * secrets that are escaped, percent-encoded or in base64.
 */
export function redact(text: string, ...more: readonly Secrets[]): string {
  const known = [recent, ...more]
  const spans = spansIn(text, known)
  const decoded = decodeEscapes(text)
  if (decoded !== undefined) {
    const { offsets } = decoded
    for (const [start, end] of spansIn(decoded.text, known)) {
      spans.push([offsets[start] ?? 0, offsets[end] ?? text.length])
    }
  }
  return spans.length === 0 ? text : replaceSpans(text, spans)
}

function spansIn(text: string, known: readonly Secrets[]): Span[] {
  const spans = known.flatMap((secrets) => secrets.find(text))
  for (const shape of shapes) {
    shape.lastIndex = 0
    for (let match = shape.exec(text); match !== null; match = shape.exec(text)) {
      spans.push([match.index + (match[1]?.length ?? 0), shape.lastIndex])
    }
  }
  return spans
}

/** Replaces ranges of a string by `[redacted]`. */
export function replaceSpans(text: string, spans: readonly Span[]): string {
  let result = ''
  let at = 0
  for (const [start, end] of spans.toSorted(([one], [two]) => one - two)) {
    if (start >= at) result += text.slice(at, start) + redacted
    at = Math.max(at, end)
  }
  return result + text.slice(at)
}

/**
 * Creates a function that redacts the secrets of a client and a call.
 *
 * @param owners objects with registered secrets
 * @param parts headers, queries and URLs of the call; names identify their secrets
 */
export function redactorOf(owners: readonly object[], ...parts: readonly unknown[]): Redact {
  const named = new Secrets(100)
  for (const part of parts) named.addNamed(entriesOf(part))
  const known = [...owners.map(secretsOf), named]
  return (text) => redact(text, ...known)
}

function entriesOf(value: unknown): Iterable<readonly [string, unknown]> {
  if (typeof value === 'string') return new URLSearchParams(value.slice(value.indexOf('?') + 1))
  try {
    const named = Object(value ?? {})
    if (!(Symbol.iterator in named)) return Object.entries(named)
    // A `Headers`, a `Map`, or an array of pairs.
    return [...named].filter(
      (pair): pair is [string, unknown] => Array.isArray(pair) && typeof pair[0] === 'string',
    )
  } catch {
    // A getter throws: validation rejects such input anyway.
    return []
  }
}

/**
 * Copies a value to plain JSON data and redacts secrets. Omits fields that JSON cannot represent, such as functions,
 * circular references and getters that throw. A bigint becomes a string.
 */
export function redactValue(value: unknown, redactText: Redact = redact): unknown {
  return plain(value, redactText, [])
}

/** Maximum depth. Deeper values are omitted. */
const maxDepth = 50

function plain(value: unknown, redactText: Redact, parents: readonly object[]): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) return undefined
  if (typeof value !== 'object' || value === null) return value
  if (parents.includes(value) || parents.length >= maxDepth) return undefined
  const within = [...parents, value]
  try {
    const source = sourceOf(value)
    if (source !== value) return plain(source, redactText, within)
    if (Array.isArray(value)) return value.map((item: unknown) => plain(item, redactText, within) ?? null)
    return fieldsOf(value, Object.keys(value), redactText, within)
  } catch {
    return undefined
  }
}

/** The value that represents an object in JSON. */
function sourceOf(value: object): unknown {
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return toJSON.call(value)
  if (value instanceof Headers || value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  return value instanceof Error ? { ...value, name: value.name, message: value.message } : value
}

/** Copies the named fields of an object like `redactValue`. */
export function redactFields(value: object, names: readonly string[]): Record<string, unknown> {
  return fieldsOf(value, names, redact, [value])
}

function fieldsOf(
  value: object,
  names: readonly string[],
  redactText: Redact,
  within: readonly object[],
): Record<string, unknown> {
  const fields: [string, unknown][] = []
  for (const name of names) {
    try {
      const item: unknown = (value as Readonly<Record<string, unknown>>)[name]
      const written = isSecretName(name) && isSecretValue(item) ? redacted : plain(item, redactText, within)
      if (written !== undefined) fields.push([redactText(name), written])
    } catch {
      // The getter throws; the other fields are still useful.
    }
  }
  return Object.fromEntries(fields)
}

/** A field such as `cookie: true` reveals nothing. */
function isSecretValue(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
}
