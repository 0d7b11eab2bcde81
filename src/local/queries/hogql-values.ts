/** The placeholder values of a HogQL query. Values never become part of its text. */
export interface HogqlValues {
  /** Values by name, as `runHogql` takes them. */
  readonly values: ReadonlyMap<string, unknown>
  /** Adds a value and returns its placeholder, such as `{q0}`. */
  add(value: unknown): string
}

/** Creates an empty set of values. `prefix` starts their names and keeps them apart from those of a user's query. */
export function createHogqlValues(prefix = 'q'): HogqlValues {
  const values = new Map<string, unknown>()
  return {
    values,
    add(value) {
      const name = `${prefix}${values.size}`
      values.set(name, value)
      return `{${name}}`
    },
  }
}

/** A name in backticks, as HogQL escapes it. */
export function hogqlName(name: string): string {
  return `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '``')}\``
}

/** Joins conditions with AND. No condition matches everything. */
export function allOf(conditions: readonly string[]): string {
  return joined(conditions, 'AND', '1 = 1')
}

/** Joins conditions with OR. No condition matches nothing. */
export function anyOf(conditions: readonly string[]): string {
  return joined(conditions, 'OR', '1 = 2')
}

function joined(conditions: readonly string[], operator: string, none: string): string {
  if (conditions.length === 0) return none
  return conditions.length === 1
    ? String(conditions[0])
    : conditions.map((condition) => `(${condition})`).join(` ${operator} `)
}
