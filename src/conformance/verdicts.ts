import { redact } from '../runtime/observe/redact.ts'
import { isObject } from '../shared/is-object.ts'
import { at, NotTried, type Verdict } from './outcome.ts'
import type { Reply } from './probe.ts'

/** The first item of a list, or of the `results` of a page. */
export function firstOf(body: unknown, what: string): unknown {
  const list = Array.isArray(body) ? body : at(body, 'results')
  if (!Array.isArray(list) || list.length === 0) throw new NotTried(`The project has no ${what}.`)
  return list[0]
}

/** Describes a value by its type. Never shows text, so that no personal data is reported. */
export function shapeOf(value: unknown): string {
  if (value === null || value === undefined) return value === null ? 'null' : 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${shapeOf(value[0])}`
  if (isObject(value)) return 'an object'
  if (typeof value !== 'string') return typeof value === 'boolean' ? `${value}` : 'a number'
  if (/^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(value)) return 'a UUID'
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return 'a date-time'
  return value === '' ? 'an empty string' : 'a string'
}

/** Holds when the value has one of the shapes; see `shapeOf`. `an array` and `a string` stand for any of them. */
export function hasShape(value: unknown, ...shapes: readonly string[]): Verdict {
  const seen = shapeOf(value)
  const general = Array.isArray(value) ? 'an array' : typeof value === 'string' ? 'a string' : seen
  return { held: shapes.includes(seen) || shapes.includes(general), seen }
}

/** Holds when the object has all fields. Reports the missing ones. */
export function hasFields(value: unknown, ...names: readonly string[]): Verdict {
  if (!isObject(value)) return { held: false, seen: shapeOf(value) }
  const missing = names.filter((name) => !(name in value))
  return {
    held: missing.length === 0,
    seen: missing.length === 0 ? 'all fields' : `without ${missing.join(', ')}`,
  }
}

/** Holds when the object has none of the fields. */
export function lacksFields(value: unknown, ...names: readonly string[]): Verdict {
  if (!isObject(value)) return { held: false, seen: shapeOf(value) }
  const present = names.filter((name) => name in value)
  return {
    held: present.length === 0,
    seen: present.length === 0 ? `no ${names.join(', ')}` : `with ${present.join(', ')}`,
  }
}

/** Holds when a value that is not personal equals the expected one. */
export function equals(value: unknown, expected: string | number | boolean | null): Verdict {
  const simple = typeof value === 'number' || typeof value === 'boolean' || value === expected
  return { held: value === expected, seen: simple ? String(value) : shapeOf(value) }
}

/** Holds when the response has one of the statuses. */
export function hasStatus(reply: Reply, ...statuses: readonly number[]): Verdict {
  return { held: statuses.includes(reply.status), seen: describe(reply) }
}

/** Holds for an error with this status and code, and for this field if one is given. */
export function isError(reply: Reply, status: number, code?: string | null, attr?: string): Verdict {
  const held =
    reply.status === status &&
    (code === undefined || code === null || at(reply.body, 'code') === code) &&
    (attr === undefined || at(reply.body, 'attr') === attr)
  return { held, seen: describe(reply) }
}

/** Holds for a text of PostHog's own, such as an error detail. Shows the text only when it holds. */
export function matches(text: unknown, pattern: RegExp): Verdict {
  const [found] = typeof text === 'string' ? (pattern.exec(text) ?? []) : []
  return {
    held: found !== undefined,
    seen: found === undefined ? `another text (${shapeOf(text)})` : redact(found),
  }
}

/** Holds when all verdicts hold. Reports the first one that does not. */
export function both(...verdicts: readonly Verdict[]): Verdict {
  const failed = verdicts.find(({ held }) => !held)
  return failed ?? { held: true, seen: verdicts.map(({ seen }) => seen).join('; ') }
}

/** Status, code and field of a response. */
function describe({ status, body }: Reply): string {
  const [code, attr] = [at(body, 'code'), at(body, 'attr')]
  const parts = [
    typeof code === 'string' && /^\w+$/.test(code) ? ` ${code}` : '',
    typeof attr === 'string' ? ` on ${attr}` : '',
  ]
  return `status ${status}${parts.join('')}`
}
