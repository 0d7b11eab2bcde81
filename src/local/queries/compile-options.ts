import type { CompileOptions } from '../hogql/compile/context.ts'
import { COHORTS } from '../resources/cohorts/membership.ts'
import { knowProperties, propertyTypeOf } from '../resources/definitions/property-types.ts'
import type { ServerState } from '../server-state.ts'
import { collectionOf, type StoredRecord } from '../store/collection.ts'
import { ACTIONS } from '../store/kinds.ts'
import { actionStepsHogql } from './action-hogql.ts'
import { type FilterContext, readFilterContext } from './filter-context.ts'
import { filtersPlaceholder } from './filters-placeholder.ts'
import { createHogqlValues } from './hogql-values.ts'

/** What a HogQL query refers to besides its text. */
export interface QueryReferences {
  readonly text: string
  /** Placeholder values by full name, such as `variables.country` and `since`. */
  readonly values: ReadonlyMap<string, unknown>
  /** The `filters` of the query. Undefined: `{filters}` is a placeholder without a value. */
  readonly filters?: unknown
  readonly modifiers?: Readonly<Record<string, unknown>>
  /** Prefix of the table names. Selects the table snapshots of a materialized version. */
  readonly tablePrefix?: string
}

/** Reads what the compiler needs to know: the project, its actions and cohorts, and the values of the query. */
export async function readCompileOptions(
  state: ServerState,
  { text, values, filters, modifiers, tablePrefix = '' }: QueryReferences,
): Promise<CompileOptions> {
  await knowProperties(state)
  const context = await readFilterContext(state, [text, filters])
  const { project, now } = context
  return {
    tableName: (table) => `${state.engine.database}.${tablePrefix}${table}`,
    placeholder: (path, tables) => {
      const name = path.join('.')
      if (values.has(name)) return { kind: 'value', value: values.get(name) }
      return filtersPlaceholder(path, filters, context, tables)
    },
    propertyType: (owner, name) => propertyTypeOf(state, owner, name),
    cohort: (key) => {
      const id = typeof key === 'number' ? key : findByName(collectionOf(state, COHORTS).all(), key)?.id
      return id === undefined ? undefined : context.cohort(id)?.persons
    },
    action: (key) => {
      const action =
        typeof key === 'number' ? context.action(key) : findByName(collectionOf(state, ACTIONS).all(), key)
      return action === undefined ? undefined : actionCondition(action, context)
    },
    projectId: state.projectId,
    now,
    timeZone: project.timezone,
    weekStart: project.startsWeekOnMonday ? 'monday' : 'sunday',
    convertTimeZone: modifiers?.['convertToProjectTimezone'] !== false,
  }
}

function findByName<T extends StoredRecord>(records: readonly T[], name: string): T | undefined {
  return records.find((record) => record['name'] === name && record['deleted'] !== true)
}

function actionCondition(
  action: StoredRecord,
  context: FilterContext,
): { kind: 'hogql'; text: string; values: ReadonlyMap<string, unknown> } {
  const values = createHogqlValues('action')
  const text = actionStepsHogql(action['steps'], { ...context, values })
  return { kind: 'hogql', text, values: values.values }
}
