/** Indented JSON; integers that only `bigint` holds are written as text. */
export function toJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}` : item), indent)
}
