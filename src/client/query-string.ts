/**
 * Serialises query parameters the way PostHog reads them: lists of plain values as repeated keys, objects and lists
 * of objects as JSON text, dates as ISO 8601. Undefined and null are left out.
 */
export function queryString(query: unknown): string {
  if (query === undefined || query === null) return ''
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) && value.every(isPlain) ? value : [value]) {
      if (item !== undefined && item !== null) search.append(name, text(item))
    }
  }
  return search.toString()
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date
}

function text(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
