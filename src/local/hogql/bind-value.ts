import { HogqlError } from './hogql-error.ts'

/** SQL text that stands for a bound value, and the parameters that it names. */
export interface BoundValue {
  readonly sql: string
  readonly parameters: Readonly<Record<string, string | boolean>>
}

const MAX_DEPTH = 8

/**
 * Turns a JSON value into typed query parameters. The value is a constant of its own JSON type and never becomes
 * part of the SQL text: `5` and `"5"` stay different, `true` is a Bool, a list is an array, null is NULL.
 *
 * @throws HogqlError for objects: HogQL has no constant for them.
 */
export function bindValue(value: unknown, name: string, label: string, depth = 0): BoundValue {
  if (value === null || value === undefined) return { sql: 'NULL', parameters: {} }
  if (typeof value === 'string') return { sql: `{${name}:String}`, parameters: { [name]: value } }
  if (typeof value === 'boolean') return { sql: `{${name}:Bool}`, parameters: { [name]: value } }
  if (typeof value === 'number') {
    const type = Number.isSafeInteger(value) ? 'Int64' : 'Float64'
    return { sql: `{${name}:${type}}`, parameters: { [name]: String(value) } }
  }
  if (Array.isArray(value) && depth < MAX_DEPTH) {
    const items = value.map((item, index) => bindValue(item, `${name}_${index}`, label, depth + 1))
    return {
      sql: `[${items.map((item) => item.sql).join(', ')}]`,
      parameters: Object.assign({}, ...items.map((item) => item.parameters)),
    }
  }
  throw new HogqlError(
    `The value of {${label}} is an object or nested too deeply; HogQL takes a string, number, boolean, list or null`,
  )
}
