/** The given fields of an object. Absent ones are undefined. */
export function pickFields(object: object, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, fieldOf(object, field)]))
}

/** A field of an object, by name. */
export function fieldOf(object: object, field: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[field]
}

/** A field in the form that PostHog stores: tags are lowercase and unordered. */
export function normalizedField(object: object, field: string): unknown {
  const value = fieldOf(object, field)
  if (field !== 'tags' || !Array.isArray(value)) return value
  return [...new Set(value.map((tag) => String(tag).trim().toLowerCase()))].sort()
}

/** The fields whose values differ between two objects. */
export function differences(one: object, other: object, fields: readonly string[]): readonly string[] {
  return fields.filter((field) => !sameJson(normalizedField(one, field), normalizedField(other, field)))
}

/** Whether two values are equal as JSON, ignoring key order. */
export function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, sortKeys) === JSON.stringify(other, sortKeys)
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
