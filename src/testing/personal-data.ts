import { replaceSpans } from '../runtime/observe/redact.ts'
import type { Secrets } from '../runtime/observe/secrets.ts'
import { parseLosslessJson } from '../runtime/rows/lossless-json.ts'
import { isObject } from '../shared/is-object.ts'
import { isBound, isIdentity, isPersonalIn, isPropertyPath, isSecretField } from './personal-names.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import { stringifyLossless } from './recording.ts'

/** Replaces the personal data and secrets of requests and responses. */
export interface PersonalDataFilter {
  /** Replaces them in a JSON value. */
  json(value: unknown): unknown
  /** Replaces them in a text. Lines of JSON, also those of an event stream, are read as JSON. */
  text(text: string): string
  /** Replaces them in a path with a query. */
  path(path: string): string
}

/** Which values of a JSON value to replace, beside those that look personal: those of personal fields, strings, or all. */
type Mode = 'named' | 'strings' | 'all'

/**
 * Creates a filter.
 *
 * @param names more fields, query parameters and columns with personal values
 */
export function createPersonalDataFilter(
  pseudonyms: Pseudonyms,
  secrets: Secrets,
  names: ReadonlySet<string>,
): PersonalDataFilter {
  const isPersonal = (name: string): boolean => isIdentity(name) || names.has(name)

  const inside = (text: string): string => {
    const spans = secrets.find(text)
    return pseudonyms.replaceInside(spans.length === 0 ? text : replaceSpans(text, spans))
  }

  function string(text: string, mode: Mode): string {
    const json = mode === 'named' ? undefined : parseContainer(text)
    if (json !== undefined) return stringifyLossless(walk(json, mode))
    // PostHog's own names, such as $pageview, start with $.
    if (mode !== 'named' && !text.startsWith('$')) return pseudonyms.replace(text)
    return /^(?:https?:\/\/[^\s?]+|\/\S*)\?\S+$/.test(text) ? path(text) : inside(text)
  }

  function walk(value: unknown, mode: Mode): unknown {
    if (typeof value === 'string') return string(value, mode)
    if (typeof value === 'number' || typeof value === 'bigint') {
      return mode === 'all' ? pseudonyms.replaceNumber(value) : value
    }
    if (Array.isArray(value)) return value.map((item: unknown) => walk(item, mode))
    if (!isObject(value)) return value
    // The properties of a JSON schema are no values.
    if (mode === 'named' && 'openapi' in value) return value
    const rows = mode === 'named' ? rowsOf(value) : undefined
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        if (name === 'results' && rows !== undefined) return [name, rows]
        return [inside(name), field(value, name, item, mode)]
      }),
    )
  }

  function field(owner: Readonly<Record<string, unknown>>, name: string, item: unknown, mode: Mode): unknown {
    if (isSecretField(name) && typeof item === 'string') return pseudonyms.replace(item)
    if (isPersonalIn(owner, name, item)) return walk(item, 'all')
    if (isPersonal(name)) return walk(item, isObject(item) ? mode : 'all')
    return walk(item, mode === 'named' && isBound(owner, name, item) ? 'strings' : mode)
  }

  /** Replaces the cells of personal columns. Undefined for an object without rows. */
  function rowsOf({ columns, results }: Readonly<Record<string, unknown>>): unknown[] | undefined {
    if (!Array.isArray(columns) || !Array.isArray(results) || !results.every(Array.isArray)) return undefined
    const modes = columns.map((column: unknown): Mode => {
      if (typeof column !== 'string') return 'named'
      if (isPropertyPath(column) || names.has(column)) return 'all'
      return isPersonal(column) || /\bproperties\b|\bdistinct_id\b|\bemail\b/.test(column)
        ? 'strings'
        : 'named'
    })
    return results.map((row: unknown[]) => row.map((cell, index) => walk(cell, modes[index] ?? 'named')))
  }

  function path(text: string): string {
    const [address = '', query] = text.split(/\?(.*)/s)
    const base = inside(
      address.replace(/(\/persons\/)(\d+)(?=\/|$)/, (_, before: string, id: string) => {
        return `${before}${pseudonyms.replaceNumber(Number(id))}`
      }),
    )
    if (query === undefined) return base
    const people = /\/(?:persons|groups|events)\b/.test(address)
    const pairs = query.split('&').map((pair) => {
      const [name = '', encoded] = pair.split(/=(.*)/s)
      if (encoded === undefined) return inside(pair)
      const value = decode(encoded)
      if (isSecretField(name) || isPersonal(name) || (people && name === 'search')) {
        return `${name}=${encodeURIComponent(pseudonyms.replace(value))}`
      }
      const json = parseContainer(value)
      const filtered = json === undefined ? inside(value) : stringifyLossless(walk(json, 'named'))
      return filtered === value ? pair : `${name}=${encodeURIComponent(filtered)}`
    })
    return `${base}?${pairs.join('&')}`
  }

  function line(text: string): string {
    const [, start = '', rest = ''] = /^(data: ?)?(.*)$/s.exec(text) ?? []
    const json = parseContainer(rest)
    return json === undefined ? inside(text) : start + stringifyLossless(walk(json, 'named'))
  }

  return {
    json: (value) => walk(value, 'named'),
    text: (text) => text.split('\n').map(line).join('\n'),
    path,
  }
}

/** Parses the JSON of an object or array. Undefined for other text. */
function parseContainer(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return parseLosslessJson(text)
  } catch {
    return undefined
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
