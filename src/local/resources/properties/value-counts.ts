import { stableJson } from '../../http/json.ts'

const MOST = 100

/** Different values with how often each occurs, the most frequent first; lists count by their items. */
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
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MOST)
}
