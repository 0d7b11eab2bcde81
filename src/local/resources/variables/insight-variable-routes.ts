import { invalid } from '../../http/api-error.ts'
import type { Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { boolean, choice, json, text } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import {
  codeName,
  findByCodeName,
  type InsightVariable,
  insightVariables,
  VARIABLE_TYPES,
  VARIABLES,
} from './insight-variable.ts'

const variables: Resource<InsightVariable> = {
  kind: VARIABLES,
  path: 'projects/:project/insight_variables',
  object: 'insight_variable',
  fields: {
    // Not a text field: text fields accept numbers, but a number is not a valid name.
    name: json({ required: true }),
    type: choice(VARIABLE_TYPES, { required: true }),
    default_value: json({ default: null }),
    values: json({ default: null }),
    is_multi: boolean({ default: false }),
    values_query: text({ nullable: true, blank: true }),
    values_query_connection_id: text({ nullable: true, blank: true }),
  },
  systemFields: ['created_at'],
  paging: 'page',
  oldestFirst: true,
  deletion: 'hard',
  prepareCreate: ({ state }, { name, values }) => {
    const trimmed = checkName(name)
    checkValues(values)
    const code_name = codeName(trimmed)
    if (findByCodeName(insightVariables(state), code_name) !== undefined) {
      throw invalid('code_name', 'Variable with this code name already exists', 'unique')
    }
    return { name: trimmed, code_name }
  },
  // Renaming a variable does not change its code name, which saved queries use.
  prepareUpdate: (_, _before, { name, values }) => {
    checkValues(values)
    return name === undefined ? {} : { name: checkName(name) }
  },
  view: (_, { code_name }) => ({ code_name, created_by: USER.id }),
}

/** The SQL variables of the project. */
export const insightVariableRoutes: readonly Route[] = resourceRoutes(variables)

function checkName(name: unknown): string {
  if (typeof name !== 'string') throw invalid('name', 'Not a valid string.')
  const trimmed = name.trim()
  if (codeName(trimmed) === '') throw invalid('name', 'This field may not be blank.', 'blank')
  return trimmed
}

function checkValues(values: unknown): void {
  if (values === undefined || values === null || Array.isArray(values)) return
  throw invalid('values', 'Expected a list of items.')
}
