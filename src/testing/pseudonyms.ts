import { createHmac } from 'node:crypto'

/** Replaces personal values. The same value always gets the same replacement, of the same form. */
export interface Pseudonyms {
  /** Replaces a whole value by its form: e-mail address, UUID, IP address, key, date, URL, number or other text. */
  replace(value: string): string
  /** Replaces a number by one from 1,000,000,000 to 1,999,999,999. */
  replaceNumber(value: number | bigint): number
  /** Replaces e-mail addresses, UUIDs, IP addresses, PostHog's keys and other tokens inside a text. */
  replaceInside(text: string): string
}

const uuid = /(?<![\da-f])[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\da-f])/gi
const email = /(?<![\w.+-])[\w.+-]+(?:@|%40)(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])/gi
const ipv4 = /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])/g
const ipv6 =
  /(?<![\w:])(?:(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|(?:[\da-f]{1,4}:){2,6}(?::[\da-f]{1,4}){1,5})(?![\w:])/gi
const key = /(?<![a-z\d])ph[cxsar]_\w{4,}/gi
const webToken = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g
const bearer = /(?<=Bearer\s+)(?!ph[cxsar]_)[\w.~+/=-]{8,}/gi
const date = /^\d{4}-\d\d-\d\d(?=$|[T ])/
const url = /^https?:\/\//i

/** The forms in the order in which they are replaced inside a text. */
const forms: readonly (readonly [RegExp, (id: string, found: string) => string])[] = [
  [webToken, (id) => `anon-${id}`],
  [bearer, (id) => `anon-${id}`],
  [key, (id, found) => `${found.slice(0, 4)}anon${id}`],
  [email, (id, found) => `anon-${id}${found.includes('@') ? '@' : '%40'}example.com`],
  [
    uuid,
    (id) =>
      `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(12, 15)}-8${id.slice(15, 18)}-${id.slice(18, 30)}`,
  ],
  [ipv4, (id) => `10.${[0, 2, 4].map((at) => Number.parseInt(id.slice(at, at + 2), 16)).join('.')}`],
  [ipv6, (id) => `2001:db8::${id.slice(0, 4)}:${id.slice(4, 8)}`],
]

/**
 * What a replacement looks like, for comparing a request with a recorded one. UUIDs are always replaced in a recording,
 * so each one counts.
 */
export const placeholder: RegExp =
  /ph[cxsar]_anon[\da-f]{16}|(?:https:\/\/example\.com\/)?anon-[\da-f]{16}(?:(?:@|%40)example\.com)?|[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}|(?<![\w.])10\.\d{1,3}\.\d{1,3}\.\d{1,3}|2001:db8::[\da-f]{4}:[\da-f]{4}|(?<!\d)197\d-\d\d-\d\d(?=$|[T ])|(?<![\d.])1\d{9}(?![\d.])/g

/** Whether a number of a recording is a replacement. */
export function isNumberPlaceholder(value: number): boolean {
  return Number.isInteger(value) && value >= 1_000_000_000 && value < 2_000_000_000
}

/** Creates replacements that depend on the values and a secret. Nobody without the secret can try out values. */
export function createPseudonyms(secret: string): Pseudonyms {
  const digest = (value: string): string => createHmac('sha256', secret).update(value).digest('hex')
  const short = (value: string): string => digest(value).slice(0, 16)
  const replaceInside = (text: string): string => {
    let result = text
    for (const [pattern, create] of forms) {
      result = result.replace(pattern, (found) => {
        if (isReplacement(found)) return found
        // UUIDs and addresses mean the same in upper and lower case, and with an escaped @.
        const normal = pattern === key ? found : found.toLowerCase().replace('%40', '@')
        return create(pattern === uuid ? digest(normal) : short(normal), found)
      })
    }
    return result
  }
  return {
    replaceInside,
    replaceNumber: (value) => 1_000_000_000 + (Number.parseInt(digest(String(value)).slice(0, 12), 16) % 1e9),
    replace: (value) => {
      if (value === '' || isReplacement(value)) return value
      const inside = replaceInside(value)
      if (forms.some(([pattern]) => isWhole(pattern, value))) return inside
      const [day] = date.exec(value) ?? []
      if (day !== undefined) return `${dayOf(digest(day))}${value.slice(day.length)}`
      return `${url.test(value) ? 'https://example.com/' : ''}anon-${short(value)}`
    },
  }
}

/** A day of the 1970s. */
function dayOf(hash: string): string {
  const number = (at: number, count: number): number => Number.parseInt(hash.slice(at, at + 4), 16) % count
  const two = (value: number): string => String(value + 1).padStart(2, '0')
  return `197${number(0, 10)}-${two(number(4, 12))}-${two(number(8, 28))}`
}

const isWhole = (pattern: RegExp, value: string): boolean => value.replace(pattern, '') === ''

/** Whether a value is a replacement already, as in a request that repeats a replayed value. UUIDs cannot be told apart. */
const isReplacement = (value: string): boolean =>
  /^(?:ph[cxsar]_anon[\da-f]{16}|(?:https:\/\/example\.com\/)?anon-[\da-f]{16}(?:(?:@|%40)example\.com)?)$/.test(
    value,
  )
