import { resolve } from 'node:path'
import { parseLosslessJson } from '../../runtime/rows/lossless-json.ts'
import { isObject } from '../../shared/is-object.ts'
import type { CliInput } from '../cli-io.ts'
import { UsageError } from '../errors.ts'
import { splitAssignments } from '../options.ts'
import { readText } from '../read-text.ts'

/** Properties by name. */
type Properties = Readonly<Record<string, unknown>>

/**
 * Reads the JSON object of an option: inline, from the file of `@file`, or from stdin for `-`.
 *
 * @throws UsageError for other JSON, and for a number that JSON would round
 */
export async function readProperties(io: CliInput, source: string, option: string): Promise<Properties> {
  const text = await readSource(io, source)
  const origin = source === '-' ? 'stdin' : source.startsWith('@') ? source.slice(1) : option
  let value: unknown
  try {
    value = parseLosslessJson(text)
  } catch (error) {
    throw new UsageError(
      `Expected ${option} to be a JSON object, but ${origin} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
      `Write ${option} '{"plan":"pro"}', ${option} @properties.json, or ${option} - for stdin.`,
      error,
    )
  }
  if (!isObject(value)) {
    throw new UsageError(
      `Expected ${option} to be a JSON object, got ${JSON.stringify(value, bigintToString).slice(0, 40)}.`,
      `Write, for example: ${option} '{"plan":"pro"}'.`,
    )
  }
  for (const [name, property] of Object.entries(value)) assertExact(property, option, name)
  return value
}

async function readSource(io: CliInput, source: string): Promise<string> {
  if (source === '-') return (await io.stdin?.()) ?? ''
  return source.startsWith('@') ? readText(resolve(io.cwd, source.slice(1))) : source
}

/**
 * Parses `name=value` arguments. A value in JSON syntax becomes that JSON value; any other value is text.
 *
 * @throws UsageError for a missing `=`, a name that occurs twice, and a number that JSON would round
 */
export function parseProperties(args: readonly string[], option: string): Properties {
  const values = [...splitAssignments(args, option)].map(([name, text]) => {
    const value = parseJsonOrText(text)
    assertExact(value, option, name)
    return [name, value] as const
  })
  // `fromEntries` creates an own property even for `__proto__`.
  return Object.fromEntries(values)
}

function parseJsonOrText(text: string): unknown {
  try {
    return parseLosslessJson(text)
  } catch {
    return text
  }
}

/** Rejects integers beyond the safe range, which are bigints here, and numbers that are too large for a double. */
function assertExact(value: unknown, option: string, name: string): void {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) assertExact(item, option, name)
  }
  if (typeof value !== 'bigint' && !(typeof value === 'number' && !Number.isFinite(value))) return
  throw new UsageError(
    `The property "${name}" has a number that is too large for JSON, which would round it.`,
    `Pass it as text, in double quotes: ${option === '--properties' ? '{"id":"123"}' : `${option} '${name}="123"'`}.`,
  )
}

function bigintToString(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
