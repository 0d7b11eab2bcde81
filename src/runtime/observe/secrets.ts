import { decodeEscapes } from './decode-escapes.ts'
import { isSecretName } from './secret-names.ts'

/** Characters of the shortest text that is redacted by value: a shorter one is no secret. */
const shortest = 6
/** Characters below which a secret is only redacted as a whole word, since it may be a word of the language. */
const wordLike = 10
/** Characters of the shortest start of a secret that is redacted at the end of a text that was cut off. */
const shortestStart = 8

/** From where to where, in a text. */
export type Span = readonly [start: number, end: number]

/** One secret and the pattern that finds it. */
interface Known {
  readonly forms: readonly string[]
  readonly pattern: RegExp
}

/** Secret values that are redacted wherever they stand. Keeps the newest ones; printing it shows none. */
export class Secrets {
  readonly #known = new Map<string, Known>()
  readonly #max: number

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
    const known = this.#known.get(value) ?? knownOf(value)
    this.#known.delete(value)
    this.#known.set(value, known)
    if (this.#known.size <= this.#max) return
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest)
      return
    }
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
    for (const { forms, pattern } of this.#known.values()) {
      for (const match of text.matchAll(pattern)) found.push([match.index, match.index + match[0].length])
      for (const form of forms) {
        const start = cutStart(text, form)
        if (start !== undefined) found.push([start, text.length])
      }
    }
    return found
  }
}

/** Where the text ends within a secret, if it does. */
function cutStart(text: string, form: string): number | undefined {
  const head = form.slice(0, shortestStart)
  let start = text.indexOf(head, Math.max(0, text.length - form.length + 1))
  while (start >= 0 && !form.startsWith(text.slice(start))) start = text.indexOf(head, start + 1)
  return start < 0 || head.length < shortestStart ? undefined : start
}

function knownOf(value: string): Known {
  const forms = [...new Set([value, decodeEscapes(value)?.text ?? value, ...base64Of(value)])]
  const source = forms.map((form) => {
    const escaped = form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    return form.length < wordLike ? `(?<![a-z0-9])${escaped}(?![a-z0-9])` : escaped
  })
  return { forms, pattern: new RegExp(source.join('|'), 'gi') }
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
