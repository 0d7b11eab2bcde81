import { isObject } from '../../shared/is-object.ts'
import type { TypehogConfig } from '../../shared/typehog-config.ts'
import { suggestName } from '../errors.ts'
import { configField, type Field } from './fields.ts'

/** A value that does not fit. */
export interface ConfigProblem {
  /** JSON pointer of the value (RFC 6901). */
  readonly pointer: string
  /** What was expected, and what is there. */
  readonly message: string
  readonly fix?: string
}

/** The configuration with its defaults, or what is wrong with it. */
export type Validation =
  | { readonly config: TypehogConfig; readonly problems: readonly [] }
  | { readonly config?: never; readonly problems: readonly ConfigProblem[] }

/**
 * Validates the content of a configuration file and completes its sections with defaults.
 *
 * @param rebase makes a path of the file relative to the working directory
 */
export function validateConfig(value: unknown, rebase: (path: string) => string): Validation {
  const problems: ConfigProblem[] = []
  const report = (pointer: string, message: string, fix?: string): undefined => {
    problems.push({ pointer, message, ...(fix === undefined ? {} : { fix }) })
  }

  const read = (field: Field, value: unknown, pointer: string): unknown => {
    switch (field.type) {
      case 'text':
        if (typeof value !== 'string' || !field.pattern.test(value)) {
          return report(pointer, `expected ${field.expected}, got ${show(value)}`)
        }
        return field.path === true ? rebase(value) : value
      case 'positive':
        if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
        return report(pointer, `expected a positive integer, got ${show(value)}`)
      case 'boolean':
        return typeof value === 'boolean'
          ? value
          : report(pointer, `expected true or false, got ${show(value)}`)
      case 'list':
        return readList(field, value, pointer)
      case 'object':
        return readObject(field, value, pointer)
    }
  }

  const readList = (
    { path, choices }: Extract<Field, { type: 'list' }>,
    value: unknown,
    pointer: string,
  ): unknown => {
    if (!Array.isArray(value)) return report(pointer, `expected an array of strings, got ${show(value)}`)
    if (value.length === 0) return report(pointer, 'expected at least one item', 'Omit the key.')
    return value.map((item: unknown, index) => {
      const place = `${pointer}/${index}`
      if (typeof item !== 'string' || item.trim() === '') {
        return report(place, `expected a string that is not empty, got ${show(item)}`)
      }
      if (choices?.includes(item) === false) {
        return report(place, `expected one of ${choices.join(', ')}, got ${show(item)}`)
      }
      return path === true ? rebase(item) : item
    })
  }

  const readObject = (
    { fields }: Extract<Field, { type: 'object' }>,
    value: unknown,
    pointer: string,
  ): unknown => {
    if (!isObject(value)) return report(pointer, `expected an object, got ${show(value)}`)
    const keys = Object.keys(fields)
    // The keys of the file come first and keep their order: it is the order of reports.
    const missing = keys.filter((key) => value[key] === undefined)
    const present = Object.keys(value).filter((key) => value[key] !== undefined)
    const entries = [...present, ...missing].flatMap((key) => {
      const place = `${pointer}/${escapePointer(key)}`
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (field === undefined) {
        report(place, 'unknown key', suggestName(key, keys))
        return []
      }
      const given = value[key] ?? ('default' in field ? field.default : undefined)
      return value[key] === undefined && given === undefined ? [] : [[key, read(field, given, place)]]
    })
    return Object.fromEntries(entries)
  }

  const config = read(configField, value, '')
  // Without problems, each value has been read by its field, and the fields are those of TypehogConfig.
  return problems.length > 0 ? { problems } : { config: config as TypehogConfig, problems: [] }
}

/** Maximum number of characters of a value in an error. */
const maxShown = 60

function show(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (isObject(value)) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text
}

/** Escapes a key in a JSON pointer (RFC 6901, section 3). */
function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
