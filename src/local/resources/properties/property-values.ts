import { invalid } from '../../http/api-error.ts'
import { stableJson } from '../../http/json.ts'

/** Maximum number of values in a list of property values. */
const MAX_VALUES = 100

/** Parses the query parameter `properties`, a JSON list of property filters. Undefined when it is missing or empty. */
export function parsePropertiesParam(query: URLSearchParams): unknown {
  const text = query.get('properties')
  if (text === null || text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw invalid('properties', 'Properties are unparsable!')
  }
}

/** Counts distinct values, most frequent first. Counts each item of a list separately. */
export function countValues(
  values: readonly unknown[],
  search: string | null,
): { readonly name: unknown; readonly count: number }[] {
  const counts = new Map<string, { name: unknown; count: number }>()
  for (const value of values.flat()) {
    if (value === undefined || value === null) continue
    const text = stableJson(value)
    if (search !== null && !text.toLowerCase().includes(search.toLowerCase())) continue
    const entry = counts.get(text) ?? { name: value, count: 0 }
    entry.count += 1
    counts.set(text, entry)
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MAX_VALUES)
}
