import {
  type CollectionContext,
  type CollectionKind,
  collectionOf,
  type StoredRecord,
} from '../../store/collection.ts'

/** Types of SQL variables. */
export const VARIABLE_TYPES = ['String', 'Number', 'Boolean', 'List', 'Date'] as const
export type VariableType = (typeof VARIABLE_TYPES)[number]

/** A stored SQL variable. */
export interface InsightVariable extends StoredRecord {
  readonly id: string
  readonly name: string
  readonly type: VariableType
  readonly default_value: unknown
  readonly code_name: string
  readonly values: readonly unknown[] | null
}

/** The SQL variables of the project. */
export const VARIABLES: CollectionKind<InsightVariable> = { name: 'insight_variables', ids: 'uuid' }

/** SQL variables by id. */
export function insightVariables(state: CollectionContext): ReadonlyMap<string, InsightVariable> {
  const all = collectionOf(state, VARIABLES).all()
  return new Map(all.map((variable) => [variable.id, variable]))
}

/** The name of a variable in SQL: lowercase, with `_` between words. */
export function codeName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_ ]+/g, '')
    .replace(/ +/g, '_')
}

/** Finds a variable by its name in SQL. */
export function findByCodeName(
  known: ReadonlyMap<string, InsightVariable>,
  name: string,
): InsightVariable | undefined {
  return [...known.values()].find((variable) => variable.code_name === name)
}
