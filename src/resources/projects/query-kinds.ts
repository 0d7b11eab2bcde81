import { isPlainObject } from '../../runtime/config/check-options.ts'
import type { BodyOf } from '../requester.ts'
import { fieldsOf } from './catalog.ts'
import { cannotCopy, changedFields, type ObjectKind, pick, present } from './object-kind.ts'

const insights = '/api/projects/{project_id}/insights/'
const insight = '/api/projects/{project_id}/insights/{id}/'
const endpoints = '/api/projects/{project_id}/endpoints/'
const endpoint = '/api/projects/{project_id}/endpoints/{name}/'
const variables = '/api/projects/{project_id}/insight_variables/'

/** Insights, by name. */
export const insightKind: ObjectKind = {
  check: ({ query }) => {
    if (isPlainObject(query)) return
    throw cannotCopy(
      'It has no query, but the filters of older insights.',
      "Open and save it in PostHog's app.",
    )
  },
  fields: async (object, translate) => ({
    ...pick(object, ['favorited', 'tags']),
    description: object['description'] ?? '',
    query: await translate(object['query']),
  }),
  create: async ({ api, options }, name, fields) => {
    const body = { ...present(fields), name } as BodyOf<`POST ${typeof insights}`>
    return fieldsOf(await api.request(`POST ${insights}`, { body }, options))
  },
  update: async ({ api, options }, { id }, fields, changed) => {
    const body = changedFields(fields, changed) as BodyOf<`PATCH ${typeof insight}`>
    return api.request(`PATCH ${insight}`, { path: { id: Number(id) }, body }, options)
  },
}

/** Endpoints, by name. A changed query creates a version, as with `endpoints.update`. */
export const endpointKind: ObjectKind = {
  fields: async (object, translate) => ({
    ...pick(object, [
      'bucket_overrides',
      'data_freshness_seconds',
      'is_active',
      'is_materialized',
      'optional_breakdown_properties',
      'tags',
    ]),
    description: object['description'] ?? '',
    query: await translate(withoutResponse(object['query'])),
  }),
  create: async ({ api, options }, name, fields) => {
    const body = { ...present(fields), name } as BodyOf<`POST ${typeof endpoints}`>
    return fieldsOf(await api.request(`POST ${endpoints}`, { body }, options))
  },
  update: async ({ api, options }, { name }, fields, changed) => {
    const body = changedFields(fields, changed) as BodyOf<`PATCH ${typeof endpoint}`>
    return api.request(`PATCH ${endpoint}`, { path: { name: String(name) }, body }, options)
  },
}

/** SQL variables, by their name in SQL. They are created for a query that uses them, and never updated. */
export const variableKind: ObjectKind = {
  check: ({ values_query_connection_id }) => {
    if (typeof values_query_connection_id !== 'string' || values_query_connection_id === '') return
    throw cannotCopy('Its values come from an external connection.', 'Create the variable yourself.')
  },
  fields: async (object) =>
    pick(object, ['name', 'type', 'default_value', 'is_multi', 'values', 'values_query']),
  create: async ({ api, options }, codeName, fields) => {
    // PostHog derives the name in SQL from the name. A variable that was renamed keeps its first one.
    const isDerived = codeNameOf(String(fields['name'])) === codeName
    const name = isDerived ? fields['name'] : codeName.replaceAll('_', ' ')
    const body = { ...present(fields), name } as BodyOf<`POST ${typeof variables}`>
    const variable = fieldsOf(await api.request(`POST ${variables}`, { body }, options))
    if (variable['code_name'] === codeName) return variable
    throw cannotCopy(
      `PostHog created it as "${variable['code_name']}" instead.`,
      `Delete that variable, and create one with the name in SQL "${codeName}" yourself.`,
    )
  },
  update: async () => undefined,
}

/** The name in SQL of a new variable. Source: PostHog/posthog posthog/api/insight_variable.py. */
function codeNameOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_ ]+/g, '')
    .replace(/ +/g, '_')
}

/** PostHog may store the last response with a query. */
function withoutResponse(query: unknown): unknown {
  return isPlainObject(query) ? { ...query, response: undefined } : query
}
