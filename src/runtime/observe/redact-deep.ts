import { type Redact, redacted } from './redact.ts'
import { isSecretName } from './secrets.ts'

/** Maximum depth of inspected objects. Deeper values count as secret. */
const maxDepth = 12
/** Replaces a value that cannot be inspected. */
const unreadable = '[unreadable]'
/** Maximum number of inspected objects. */
const maxObjects = 2_000

/**
 * Redacts a value on an error: its fields, or a cause of any kind. Returns a value without secrets as it is, and
 * otherwise a copy, so that the user's objects stay unchanged.
 */
export function redactDeep(value: unknown, redactText: Redact): unknown {
  try {
    return holdsSecret(value, redactText) ? copy(value, redactText, new Map(), 0) : value
  } catch {
    // A proxy may throw on access.
    return unreadable
  }
}

function holdsSecret(root: unknown, redactText: Redact): boolean {
  const seen = new Set<object>()
  const look = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return redactText(value) !== value
    if (typeof value !== 'object' || value === null || seen.has(value)) return false
    if (depth > maxDepth || seen.size >= maxObjects) return true
    seen.add(value)
    if (isMessage(value)) return true
    const text = asText(value)
    if (text !== undefined) return redactText(text) !== text
    return partsOf(value).some(
      ([name, part]) => isSecretPart(name, part) || look(name, depth) || look(part, depth + 1),
    )
  }
  return look(root, 0)
}

function copy(value: unknown, redactText: Redact, copies: Map<object, unknown>, depth: number): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return value
  if (copies.has(value)) return copies.get(value)
  if (depth > maxDepth || copies.size >= maxObjects) return redacted
  if (isMessage(value)) return copy(summaryOf(value), redactText, copies, depth)
  const text = asText(value)
  if (text !== undefined) return redactText(text) === text ? value : redactText(text)
  const result = emptyCopy(value)
  copies.set(value, result)
  for (const [name, part] of partsOf(value)) {
    const safe = isSecretPart(name, part) ? redacted : copy(part, redactText, copies, depth + 1)
    add(result, copy(name, redactText, copies, depth + 1), safe, isHidden(value, name))
  }
  return result
}

/** Adds a part to a copy of its container. */
function add(target: object, name: unknown, part: unknown, hidden: boolean): void {
  if (target instanceof Map) target.set(name, part)
  else if (target instanceof Set) target.add(part)
  else if (target instanceof Headers) target.append(String(name), String(part))
  else {
    const property = { value: part, enumerable: !hidden, writable: true, configurable: true }
    Object.defineProperty(target, typeof name === 'symbol' ? name : String(name), property)
  }
}

/** Creates an empty container of the same kind. Other classes become plain objects: private state cannot be copied. */
function emptyCopy(value: object): object {
  if (Array.isArray(value)) return []
  if (value instanceof Map) return new Map()
  if (value instanceof Set) return new Set()
  if (value instanceof Headers) return new Headers()
  return value instanceof Error ? (Object.create(Object.getPrototypeOf(value)) as object) : {}
}

/** Names and values of an object's parts. Calls no getters, except those of an error. */
function partsOf(value: object): (readonly [name: unknown, part: unknown])[] {
  if (value instanceof Map) return [...value]
  if (value instanceof Set) return [...value].map((item) => [undefined, item])
  if (value instanceof Headers) return [...value]
  if (ArrayBuffer.isView(value)) return []
  const parts: [unknown, unknown][] = []
  for (const name of Reflect.ownKeys(value)) {
    if (Array.isArray(value) && name === 'length') continue
    const property = Reflect.getOwnPropertyDescriptor(value, name)
    if (property !== undefined && 'value' in property) parts.push([name, property.value])
  }
  if (value instanceof Error) addErrorParts(value, parts)
  return parts
}

/** Adds the parts that some errors have as getters: `DOMException`, and `stack` in newer engines. */
function addErrorParts(error: Error, parts: [unknown, unknown][]): void {
  for (const name of ['name', 'message', 'stack'] as const) {
    if (parts.some(([known]) => known === name)) continue
    try {
      parts.push([name, error[name]])
    } catch {
      // The other parts are still useful.
    }
  }
}

function isHidden(value: object, name: unknown): boolean {
  if (value instanceof Error && ['name', 'message', 'stack'].includes(String(name))) return true
  if (value instanceof Map || value instanceof Set || value instanceof Headers) return false
  return Reflect.getOwnPropertyDescriptor(value, name as PropertyKey)?.enumerable === false
}

function isSecretPart(name: unknown, part: unknown): boolean {
  return typeof name === 'string' && isSecretName(name) && typeof part === 'string' && part !== redacted
}

function isMessage(value: object): value is Request | Response {
  return value instanceof Request || value instanceof Response
}

/** The parts of a request or response without secrets: headers and bodies may contain some. */
function summaryOf(message: Request | Response): object {
  const { url } = message
  return message instanceof Request ? { method: message.method, url } : { status: message.status, url }
}

function asText(value: object): string | undefined {
  return value instanceof URL || value instanceof URLSearchParams ? String(value) : undefined
}
