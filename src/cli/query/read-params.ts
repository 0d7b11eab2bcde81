import type { BoundValue } from '../../runtime/hogql/value.ts'
import { splitAssignment } from '../options.ts'
import { UsageError } from '../usage-error.ts'

/**
 * Reads `--param name=value`. A value that is JSON is what JSON says: a number, true, false, null, a list, a text in
 * double quotes. Everything else is text.
 *
 * @throws UsageError for a missing `=`, a name given twice, and an object
 */
export function readParams(params: readonly string[], option = '--param'): Record<string, BoundValue> {
  const values = new Map<string, BoundValue>()
  for (const param of params) {
    const { name, text } = splitAssignment(param, option)
    if (values.has(name))
      throw new UsageError(`Parameter "${name}" is given twice.`, `For a list: ${option} 'a=[1,2]'.`)
    values.set(name, readValue(name, text))
  }
  // Own properties even for `__proto__`.
  return Object.fromEntries(values)
}

function readValue(name: string, text: string): BoundValue {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text
  }
  if (typeof value === 'number' && !isExact(value, text)) {
    throw new UsageError(
      `Parameter "${name}" is ${text}, which a JSON number cannot hold exactly.`,
      `Send it as text, and convert it in the query: --param '${name}="${text}"' and toInt({${name}}).`,
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value as BoundValue
  throw new UsageError(
    `Parameter "${name}" is an object, which HogQL has no constant for.`,
    'Send its parts one by one.',
  )
}

function isExact(value: number, text: string): boolean {
  return Number.isFinite(value) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(value))
}
