import { HogqlError } from '../../../hogql/hogql-error.ts'
import { findPlaceholders } from '../../../hogql/inspect.ts'
import { isObject } from '../../../shared/is-object.ts'
import { parseQuery } from '../../hogql/compile.ts'
import { invalid, queryFieldError } from '../../http/api-error.ts'
import { stableJson } from '../../http/json.ts'
import type { QueryVariable, SavedQuery } from '../query/saved-query.ts'
import { findByCodeName, type InsightVariable } from '../variables/insight-variable.ts'

// PostHog stores all fields of a query; missing ones are null.
const HOGQL_FIELDS = [
  'connectionId',
  'explain',
  'filters',
  'modifiers',
  'name',
  'query',
  'response',
  'sendRawQuery',
  'tags',
  'values',
  'variables',
  'version',
]

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/**
 * Validates a query and completes it before it is saved. For HogQL, adds the variables that the SQL uses, removes
 * unused ones, and fills in missing values from the project's variables.
 *
 * @throws ApiError 400 on field `query`.
 */
export function normalizeQuery(value: unknown, variables: ReadonlyMap<string, InsightVariable>): SavedQuery {
  if (!isObject(value)) throw invalid('query', 'Input should be a valid dictionary')
  const kind = value['kind']
  if (typeof kind !== 'string' || kind === '')
    throw invalid('query', 'The query needs a kind, such as HogQLQuery')
  if (kind !== 'HogQLQuery') return { ...value, kind }
  if (typeof value['query'] !== 'string') throw invalid('query', 'The SQL of a HogQLQuery must be a string')
  if (value['connectionId'] !== undefined && value['connectionId'] !== null) {
    throw invalid('query', 'Endpoints cannot run on an external connection')
  }
  const unknown = Object.keys(value).find((field) => field !== 'kind' && !HOGQL_FIELDS.includes(field))
  if (unknown !== undefined) throw invalid('query', `Unknown field of a HogQLQuery: ${unknown}`)
  const placeholders = savedPlaceholders(value['query'])
  const dump = Object.fromEntries(HOGQL_FIELDS.map((field) => [field, value[field] ?? null]))
  return { ...dump, kind, variables: usedVariables(placeholders, value, variables) }
}

/** Whether two saved queries are equal, apart from the order of keys and a stored response. */
export function sameQuery(a: SavedQuery, b: SavedQuery): boolean {
  return stableJson({ ...a, response: null }) === stableJson({ ...b, response: null })
}

function savedPlaceholders(sql: string): string[] {
  try {
    return findPlaceholders(parseQuery(sql))
  } catch (error) {
    if (error instanceof HogqlError) throw queryFieldError(error)
    throw error
  }
}

function usedVariables(
  placeholders: readonly string[],
  query: Record<string, unknown>,
  project: ReadonlyMap<string, InsightVariable>,
): Record<string, QueryVariable> | null {
  const given = givenVariables(query['variables'], project)
  const values = isObject(query['values']) ? query['values'] : {}
  const used: [string, QueryVariable][] = []
  for (const placeholder of placeholders) {
    if (Object.hasOwn(values, placeholder)) continue
    const name = /^variables\.(.+)$/.exec(placeholder)?.[1]
    const known = name === undefined ? undefined : findByCodeName(project, name)
    const variable = given.find((candidate) => candidate.code_name === name)
    if (name === undefined || (known === undefined && variable === undefined)) {
      throw invalid('query', `Placeholder {${placeholder}} has no variable. Create the variable first.`)
    }
    const value = variable?.value ?? known?.default_value ?? null
    const variableId = variable?.variableId ?? known?.id ?? ''
    used.push([variableId, { variableId, code_name: name, value, isNull: variable?.isNull ?? null }])
  }
  return used.length === 0 ? null : Object.fromEntries(used)
}

function givenVariables(value: unknown, project: ReadonlyMap<string, InsightVariable>): QueryVariable[] {
  if (value === undefined || value === null) return []
  if (!isObject(value)) throw invalid('query', 'The variables of a query must be an object')
  return Object.entries(value).map(([id, variable]) => {
    if (!UUID.test(id)) throw invalid('query', `Variable ID '${id}' is not a valid UUID`)
    const known = project.get(id)
    if (known === undefined) throw invalid('query', `Variable with ID '${id}' not found`)
    if (!isObject(variable)) throw invalid('query', `Variable '${id}' must be an object`)
    return {
      variableId: id,
      code_name: known.code_name,
      value: variable['value'],
      isNull: variable['isNull'] === true ? true : null,
    }
  })
}
