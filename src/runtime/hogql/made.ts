/** A piece of a query: text with values under names of its own, or a value that is to be bound. */
export type Part =
  | { readonly text: string; readonly values?: Readonly<Record<string, unknown>> }
  | { readonly value: unknown }

/**
 * Where all copies of the package in a program keep the parts of the queries that they made: the one for `import`
 * and the one for `require` take each other's. The number changes with `Part`.
 */
const key = Symbol.for('typehog.hogql.1')
/** Parts by query, if the global object cannot be extended. */
let own: WeakMap<object, readonly Part[]> | undefined

/** The parts of a query that the tag made; undefined for anything else, whatever it looks like. */
export function partsMade(value: unknown): readonly Part[] | undefined {
  return typeof value === 'object' && value !== null ? made().get(value) : undefined
}

/** Notes that this module made a query. */
export function rememberParts(query: object, parts: readonly Part[]): void {
  made().set(query, parts)
}

function made(): WeakMap<object, readonly Part[]> {
  if (own !== undefined) return own
  const shared: unknown = Reflect.get(globalThis, key)
  // Only code of this package sets it: a symbol is no key that JSON or a prototype of plain data has.
  const parts =
    shared instanceof WeakMap ? (shared as typeof own & object) : new WeakMap<object, readonly Part[]>()
  if (parts !== shared) Reflect.defineProperty(globalThis, key, { value: parts })
  own = parts
  return parts
}
