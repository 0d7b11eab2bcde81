/** Types that a project variable may have. */
export const VARIABLE_TYPES = ['String', 'Number', 'Boolean', 'List', 'Date'] as const
export type VariableType = (typeof VARIABLE_TYPES)[number]

/** A variable of the project, as `/insight_variables/` shows it. */
export interface InsightVariable {
  readonly id: string
  readonly name: string
  readonly type: VariableType
  readonly default_value: unknown
  readonly created_by: number
  readonly created_at: string
  readonly code_name: string
  readonly values: readonly unknown[] | null
}

/** The name by which SQL reaches a variable: lower case, `_` between words. */
export function codeName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_ ]+/g, '')
    .replace(/ +/g, '_')
}

/** The project's variable with this code name. */
export function findByCodeName(
  variables: ReadonlyMap<string, InsightVariable>,
  name: string,
): InsightVariable | undefined {
  return [...variables.values()].find((variable) => variable.code_name === name)
}
