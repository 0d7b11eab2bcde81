import { isObject } from '../../shared/is-object.ts'

/** Serializes a value as JSON. Unlike `JSON.stringify`, writes a `bigint` as a number with all its digits. */
export function writeJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map((item) => writeJson(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null && !('toJSON' in value)) {
    const members = Object.entries(value).filter(([, item]) => item !== undefined)
    return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${writeJson(item)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** Serializes a value as JSON with sorted keys, so equal values give equal texts. */
export function stableJson(value: unknown): string {
  return writeJson(sortKeys(value))
}

/** A JSON response. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(writeJson(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  })
}

/** A member of a JSON object. Undefined when the value is not an object or lacks the member. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  )
}
