import { isPlainObject, unexpected } from '../runtime/config/check-options.ts'
import { ConfigurationError } from '../runtime/errors/configuration-error.ts'
import { jsonText } from './json-text.ts'

/**
 * Writes query parameters the way PostHog reads them: lists of plain values as repeated keys, objects and lists of
 * objects as JSON text, dates as ISO 8601. Undefined, null and empty lists are left out. A text and `URLSearchParams`
 * are taken as they are.
 *
 * @throws ConfigurationError for a value that a query string cannot hold
 */
export function queryString(query: unknown): string {
  if (query === undefined) return ''
  if (typeof query === 'string') return checkedText(query)
  if (query instanceof URLSearchParams) return query.toString()
  if (!isPlainObject(query)) throw unexpected('`query`', query ?? undefined, 'an object or URLSearchParams')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    const subject = `\`query.${name}\``
    if (!Array.isArray(value) || !value.every(isPlain)) search.append(name, text(value, subject))
    else for (const item of value) search.append(name, text(item, subject))
  }
  return search.toString()
}

/** A query string that is written already. */
function checkedText(query: string): string {
  const written = query.startsWith('?') ? query.slice(1) : query
  if (written === '' || (written.includes('=') && /^[!"$-~]*$/.test(written))) return written
  throw new ConfigurationError({
    message: '`query` is a text that is no query string, such as `limit=10`.',
    fix: 'Pass an object or URLSearchParams, which encode their values. Nothing was sent.',
  })
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date
}

function text(value: unknown, subject: string): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      if (Number.isFinite(value)) return String(value)
      break
    case 'object':
      if (value === null || value instanceof Date) break
      return jsonText(value, subject, 'refused')
  }
  throw unexpected(subject, value, 'a text, number, boolean, date, list or object')
}
