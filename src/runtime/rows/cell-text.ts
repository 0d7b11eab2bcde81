import { toJson } from './to-json.ts'

/** A value as one cell: null and undefined are empty, objects are JSON, everything else is its text. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? toJson(value, 0) : String(value)
}
