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

/** Characters of the shortest text that is redacted by value: a shorter one is no secret. */
const shortest = 6
/** Characters below which a secret is only redacted as a whole word, since it may be a word of the language. */
const wordLike = 10
/** Characters of the shortest start of a secret that is redacted at the end of a text that was cut off. */
const shortestStart = 8

/** From where to where, in a text. */
export type Span = readonly [start: number, end: number]

/** What finds all secrets at once: one pattern is faster than one for each. */
interface Matcher {
  readonly whole: RegExp
  /** Starts of secrets, for a text that was cut off. */
  readonly start: RegExp
}

/** Secret values that are redacted wherever they stand. Keeps the newest ones; printing it shows none. */
export class Secrets {
  /** Each secret with the forms in which it is repeated. */
  readonly #known = new Map<string, readonly string[]>()
  readonly #max: number
  #matcher: Matcher | undefined

  /** @param max secrets that are kept; an older one goes when there are more */
  constructor(max: number) {
    this.#max = max
  }

  /** Adds a secret. Empty and very short texts are ignored. */
  add(secret: unknown): void {
    if (typeof secret !== 'string') return
    const value = secret.trim().replace(/^(?:Bearer|Basic|Token)\s+/i, '')
    // A project token (phc_) is public.
    if (value.length < shortest || value.startsWith('phc_')) return
    const forms = this.#known.get(value)
    if (forms === undefined) this.#matcher = undefined
    // At the end of the map stands the newest.
    this.#known.delete(value)
    this.#known.set(value, forms ?? formsOf(value))
    const [oldest] = this.#known.keys()
    if (this.#known.size > this.#max && oldest !== undefined) this.#known.delete(oldest)
  }

  /** Adds the values of an object whose names are those of secrets, such as headers or a query. */
  addNamed(entries: Iterable<readonly [name: string, value: unknown]>): void {
    for (const [name, value] of entries) {
      if (!isSecretName(name)) continue
      for (const item of Array.isArray(value) ? value : [value]) {
        this.add(item)
        if (/cookie/i.test(name)) for (const part of cookieValues(item)) this.add(part)
      }
    }
  }

  /** Where secrets stand in a text; the end of a text that was cut off within one counts. */
  find(text: string): Span[] {
    const found: Span[] = []
    if (text.length < shortest || this.#known.size === 0) return found
    this.#matcher ??= matcherOf([...this.#known.values()].flat())
    const { whole, start } = this.#matcher
    // Not matchAll, which compiles the pattern anew each time.
    whole.lastIndex = 0
    for (let match = whole.exec(text); match !== null; match = whole.exec(text)) {
      found.push([match.index, whole.lastIndex])
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

/** A secret as it is, without escapes, and in base64. */
function formsOf(value: string): string[] {
  return [...new Set([value, decodeEscapes(value)?.text ?? value, ...base64Of(value)])]
}

function matcherOf(forms: readonly string[]): Matcher {
  // The longest first: one secret may be the start of another.
  const whole = forms
    .toSorted((one, two) => two.length - one.length)
    .map((form) => {
      return form.length < wordLike ? `(?<![a-z0-9])${escapePattern(form)}(?![a-z0-9])` : escapePattern(form)
    })
  const starts = forms.flatMap((form) =>
    form.length > shortestStart ? escapePattern(form.slice(0, shortestStart)) : [],
  )
  return {
    whole: new RegExp(whole.join('|'), 'gi'),
    start: starts.length === 0 ? /(?!)/g : new RegExp([...new Set(starts)].join('|'), 'g'),
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** What base64 makes of a secret within a longer text, which may begin at any of three places of a group. */
function base64Of(value: string): string[] {
  if (/[^\0-\xff]/.test(value)) return []
  const forms = [0, 1, 2].map((before) => {
    const whole = btoa('\0'.repeat(before) + value)
    // The characters at both ends also depend on what stands around.
    const end = Math.floor(((before + value.length) * 8) / 6)
    return whole.slice(Math.ceil((before * 8) / 6), end)
  })
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

function cookieValues(cookies: unknown): string[] {
  return typeof cookies === 'string'
    ? cookies.split(';').map((part) => part.slice(part.indexOf('=') + 1))
    : []
}

/** Secrets that one client keeps: keys that change come and go. */
const perOwner = 50
const owners = new WeakMap<object, Secrets>()

/** The secrets of a configuration, a token provider or a call. They stand apart, so that printing it shows none. */
export function secretsOf(owner: object): Secrets {
  const secrets = owners.get(owner) ?? new Secrets(perOwner)
  owners.set(owner, secrets)
  return secrets
}

/** Makes `user` know the secrets of `owner`, also those that are added later. */
export function shareSecrets(owner: object, user: object): void {
  owners.set(user, secretsOf(owner))
}

/** A text without its escapes, and where each of its characters came from. */
export interface DecodedText {
  readonly text: string
  /** Index in the original of each character, and of the end. */
  readonly offsets: readonly number[]
}

/**
 * `%5F` (also doubly encoded), `\u005f`, `\x5f`, `\n`, `&#x5f;` and `&#95;`. The lookbehind makes a run of backslashes
 * count once, not at each of them.
 */
const escapes =
  /%(?:25)*([\da-f]{2})|(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2})|([nrt"/]))|&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi
const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '/': '/' }

/** Decodes the escapes of URLs, JSON and HTML, each where it stands. Undefined for a text without any. */
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
    const [whole, percent, unicode, byte, letter, hex, decimal] = match
    const code = percent ?? unicode ?? byte ?? hex
    const character =
      letter === undefined
        ? String.fromCharCode(code === undefined ? Number(decimal) : Number.parseInt(code, 16))
        : (letters[letter.toLowerCase()] ?? letter)
    copyUntil(match.index)
    decoded += character
    offsets.push(match.index)
    from = match.index + whole.length
  }
  if (from === 0) return undefined
  copyUntil(text.length)
  offsets.push(text.length)
  return { text: decoded, offsets }
}
