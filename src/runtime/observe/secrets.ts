/**
 * Names of headers, query parameters and fields whose values are secrets: `Authorization`, `Cookie`, `X-Auth-Token`,
 * `personal_api_key`, `clientSecret` and their like.
 */
const secretNames =
  /^(?:.*[_-]|personal|secret|client|project)?(?:authorization|cookies?|api_?key|secret(?:_?key)?|password|(?:access|refresh|auth|bearer|secret|session|csrf|xsrf)[_-]?token)$|^x-.*(?:key|token|secret|auth)$|^x-vercel-protection-bypass$/i

/** Whether a header, query parameter or field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return name.length <= 100 && secretNames.test(name)
}

/** Minimum characters of a secret. Shorter values are not redacted. */
const minSecret = 6
/** Secrets with fewer characters are redacted only as a whole word, since they may be ordinary words. */
const minSubstring = 10
/** Minimum characters of a secret's start, to redact it at the end of a truncated string. */
const minStart = 8

/** A range in a string. */
export type Span = readonly [start: number, end: number]

/** Patterns that find all secrets: one pattern is faster than one for each secret. */
interface Matcher {
  readonly full: RegExp
  /** Starts of secrets, for a truncated string. */
  readonly start: RegExp
}

/** A set of secrets to redact. Keeps the newest ones. Printing it shows none. */
export class Secrets {
  /** Encoded forms by secret. */
  readonly #known = new Map<string, readonly string[]>()
  readonly #max: number
  #matcher: Matcher | undefined

  /** @param max maximum number of secrets; the oldest one is dropped first */
  constructor(max: number) {
    this.#max = max
  }

  /** Adds a secret. Ignores empty and very short strings. */
  add(secret: unknown): void {
    if (typeof secret !== 'string') return
    const value = secret.trim().replace(/^(?:Bearer|Basic|Token)\s+/i, '')
    // A project token (phc_) is public.
    if (value.length < minSecret || value.startsWith('phc_')) return
    const forms = this.#known.get(value)
    if (forms === undefined) this.#matcher = undefined
    // The newest secret is the last one in the map.
    this.#known.delete(value)
    this.#known.set(value, forms ?? formsOf(value))
    const [oldest] = this.#known.keys()
    if (this.#known.size > this.#max && oldest !== undefined) this.#known.delete(oldest)
  }

  /** Adds the values of secret names, such as those of headers or a query. */
  addNamed(entries: Iterable<readonly [name: string, value: unknown]>): void {
    for (const [name, value] of entries) {
      if (!isSecretName(name)) continue
      for (const item of Array.isArray(value) ? value : [value]) {
        this.add(item)
        if (/cookie/i.test(name)) for (const part of cookieValues(item)) this.add(part)
      }
    }
  }

  /** Finds the secrets in a string, including one that is cut off at the end of the string. */
  find(text: string): Span[] {
    const found: Span[] = []
    if (text.length < minSecret || this.#known.size === 0) return found
    this.#matcher ??= matcherOf([...this.#known.values()].flat())
    const { full, start } = this.#matcher
    // Not matchAll, which recompiles the pattern each time.
    full.lastIndex = 0
    for (let match = full.exec(text); match !== null; match = full.exec(text)) {
      found.push([match.index, full.lastIndex])
    }
    start.lastIndex = 0
    for (let match = start.exec(text); match !== null; match = start.exec(text)) {
      const end = text.slice(match.index)
      const isCut = [...this.#known.keys()].some(
        (value) => value.length > end.length && value.startsWith(end),
      )
      if (isCut) found.push([match.index, text.length])
      start.lastIndex = match.index + 1
    }
    return found
  }
}

/** The forms of a secret: plain, without escapes, and in base64. */
function formsOf(value: string): string[] {
  return [...new Set([value, decodeEscapes(value)?.text ?? value, ...base64Of(value)])]
}

function matcherOf(forms: readonly string[]): Matcher {
  // Longest first: one secret may be the start of another.
  const full = forms
    .toSorted((first, second) => second.length - first.length)
    .map((form) => {
      return form.length < minSubstring
        ? `(?<![a-z0-9])${escapePattern(form)}(?![a-z0-9])`
        : escapePattern(form)
    })
  const starts = forms.flatMap((form) =>
    form.length > minStart ? escapePattern(form.slice(0, minStart)) : [],
  )
  return {
    full: new RegExp(full.join('|'), 'gi'),
    start: starts.length === 0 ? /(?!)/g : new RegExp([...new Set(starts)].join('|'), 'g'),
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** The base64 of a secret inside a longer string: it starts at one of three positions of a 3-byte group. */
function base64Of(value: string): string[] {
  if (/[^\0-\xff]/.test(value)) return []
  const forms = [0, 1, 2].map((before) => {
    const encoded = btoa('\0'.repeat(before) + value)
    // The characters at both ends also depend on the surrounding bytes.
    const end = Math.floor(((before + value.length) * 8) / 6)
    return encoded.slice(Math.ceil((before * 8) / 6), end)
  })
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

function cookieValues(cookies: unknown): string[] {
  return typeof cookies === 'string'
    ? cookies.split(';').map((part) => part.slice(part.indexOf('=') + 1))
    : []
}

/** Maximum secrets per client: renewable keys add new ones. */
const maxPerOwner = 50
const owners = new WeakMap<object, Secrets>()

/** The secrets of a configuration, token provider or call. They are stored separately, so that printing it shows none. */
export function secretsOf(owner: object): Secrets {
  const secrets = owners.get(owner) ?? new Secrets(maxPerOwner)
  owners.set(owner, secrets)
  return secrets
}

/** Shares the secrets of `owner` with `user`, including later ones. */
export function shareSecrets(owner: object, user: object): void {
  owners.set(user, secretsOf(owner))
}

/** A string without its escapes, and the original position of each character. */
export interface DecodedText {
  readonly text: string
  /** Original index of each character, and of the end. */
  readonly offsets: readonly number[]
}

/**
 * `%5F` (also encoded twice), `\u005f`, `\x5f`, `\n`, `&#x5f;` and `&#95;`. With the lookbehind, a run of backslashes
 * matches once, not at each backslash.
 */
const escapes =
  /%(?:25)*([\da-f]{2})|(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2})|([nrt"/]))|&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi
const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '/': '/' }

/** Decodes the escapes of URLs, JSON and HTML. Returns undefined for a string without any. */
export function decodeEscapes(text: string): DecodedText | undefined {
  if (!/[%\\&]/.test(text)) return undefined
  const offsets: number[] = []
  let decoded = ''
  let from = 0
  const copyUntil = (end: number): void => {
    decoded += text.slice(from, end)
    for (let at = from; at < end; at++) offsets.push(at)
  }
  for (const match of text.matchAll(escapes)) {
    const [matched, percent, unicode, byte, letter, hex, decimal] = match
    const code = percent ?? unicode ?? byte ?? hex
    const character =
      letter === undefined
        ? String.fromCharCode(code === undefined ? Number(decimal) : Number.parseInt(code, 16))
        : (letters[letter.toLowerCase()] ?? letter)
    copyUntil(match.index)
    decoded += character
    offsets.push(match.index)
    from = match.index + matched.length
  }
  if (from === 0) return undefined
  copyUntil(text.length)
  offsets.push(text.length)
  return { text: decoded, offsets }
}
