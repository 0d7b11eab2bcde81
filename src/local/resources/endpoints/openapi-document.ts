import { breakdownsOf, queryVariables } from '../query/saved-query.ts'
import { findByCodeName, type InsightVariable, type VariableType } from '../variables/insight-variable.ts'
import type { EndpointRecord, VersionRecord } from './endpoint-store.ts'
import { errorSchema, filterSchemas } from './openapi-schemas.ts'

type Json = Record<string, unknown>

const VARIABLE_SCHEMAS: Readonly<Record<VariableType, Json>> = {
  String: { type: 'string' },
  Number: { type: 'number' },
  Boolean: { type: 'boolean' },
  List: { type: 'array', items: { type: 'string' } },
  Date: { type: 'string', format: 'date' },
}

/**
 * The OpenAPI document of a version of an endpoint, as PostHog generates it: one POST path for this project and name,
 * a `Variables` schema if the version has variables, and no column types.
 *
 * @param project Its `site` is the base URL of the instance, without a trailing slash.
 */
export function openapiDocument(
  endpoint: EndpointRecord,
  version: VersionRecord,
  project: {
    readonly id: number
    readonly variables: ReadonlyMap<string, InsightVariable>
    readonly site: string
  },
): Json {
  const { name } = endpoint
  const variables = variablesSchema(version, project.variables)
  const requiresVariables = variables?.['required'] !== undefined
  const description = version.description === '' ? `Run the ${name} endpoint` : version.description
  const operation = {
    operationId: `run_${name.replaceAll('-', '_')}`,
    summary: `Execute ${name}`,
    description,
    security: [{ PersonalAPIKey: [] }],
    requestBody: {
      required: requiresVariables,
      content: json({ $ref: '#/components/schemas/EndpointRunRequest' }),
    },
    responses: responses(),
  }
  return {
    openapi: '3.0.3',
    info: { title: name, description, version: String(version.version) },
    servers: [{ url: project.site }],
    paths: { [`/api/projects/${project.id}/endpoints/${name}/run`]: { post: operation } },
    components: {
      securitySchemes: {
        PersonalAPIKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'A personal API key as a bearer token.',
        },
      },
      schemas: {
        Error: errorSchema(),
        EndpointRunRequest: runRequestSchema(
          endpoint.versions.length,
          variables !== undefined,
          requiresVariables,
        ),
        ...filterSchemas(),
        ...(variables === undefined ? {} : { Variables: variables }),
      },
    },
  }
}

function responses(): Json {
  return {
    '200': {
      description: 'Query results',
      content: json({
        type: 'object',
        properties: {
          results: {
            type: 'array',
            items: {},
            description: 'The rows of a SQL endpoint, or the series of an insight.',
          },
          columns: {
            type: 'array',
            items: { type: 'string' },
            description: 'Column names of a SQL endpoint.',
          },
          hasMore: { type: 'boolean', description: 'Whether more rows follow.' },
        },
        required: ['results'],
      }),
    },
    '400': {
      description: 'The request is invalid, or the query is too expensive. The code tells which.',
      content: json({ $ref: '#/components/schemas/Error' }),
    },
    '401': { description: 'The request has no valid key' },
    '404': { description: 'The endpoint does not exist' },
    '503': {
      description: 'The shared pool of queries is full (code query_capacity).',
      content: json({ $ref: '#/components/schemas/Error' }),
    },
  }
}

function runRequestSchema(versions: number, takesVariables: boolean, requiresVariables: boolean): Json {
  return {
    type: 'object',
    properties: {
      client_query_id: { type: 'string', description: 'A query id that the client chooses.' },
      filters_override: { $ref: '#/components/schemas/DashboardFilter' },
      refresh: {
        type: 'string',
        enum: ['cache', 'force', 'direct'],
        default: 'cache',
        description: 'How the run uses cached results; direct requires a materialized version.',
      },
      version: {
        type: 'integer',
        description: `The version to run, from 1 to ${versions}. Default: the newest.`,
      },
      limit: { type: 'integer', description: 'Maximum number of rows of a SQL endpoint.', minimum: 1 },
      debug: { type: 'boolean', default: false, description: 'Adds diagnostic fields to the response.' },
      ...(takesVariables ? { variables: { $ref: '#/components/schemas/Variables' } } : {}),
    },
    ...(requiresVariables ? { required: ['variables'] } : {}),
  }
}

/** The schema of the variables of a version. Undefined when it takes none. */
export function variablesSchema(
  version: VersionRecord,
  project: ReadonlyMap<string, InsightVariable>,
): Json | undefined {
  const { properties, required } =
    version.query.kind === 'HogQLQuery' ? hogqlVariables(version, project) : insightVariables(version)
  if (Object.keys(properties).length === 0) return undefined
  return {
    type: 'object',
    description: 'Values for the variables of this query.',
    properties,
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
  }
}

interface VariableSchemas {
  readonly properties: Json
  readonly required: readonly string[]
}

function hogqlVariables(
  version: VersionRecord,
  project: ReadonlyMap<string, InsightVariable>,
): VariableSchemas {
  const variables = queryVariables(version.query)
  const properties = Object.fromEntries(
    variables.map(({ variableId, code_name, value }) => {
      const known = project.get(variableId) ?? findByCodeName(project, code_name)
      const schema = { ...VARIABLE_SCHEMAS[known?.type ?? 'String'], description: `Variable: ${code_name}` }
      // The default as it is stored, where a number may be text.
      return [code_name, value === null || value === undefined ? schema : { ...schema, example: value }]
    }),
  )
  if (version.materialization !== null) {
    return { properties, required: variables.map(({ code_name }) => code_name).sort() }
  }
  const unset = variables.filter(({ value }) => value === null || value === undefined)
  return { properties, required: unset.map(({ code_name }) => code_name) }
}

function insightVariables(version: VersionRecord): VariableSchemas {
  const names = breakdownsOf(version.query).map(({ property }) => property)
  const properties: Json = Object.fromEntries(
    names.map((name) => [
      name,
      { type: 'string', description: `Filter by ${name} breakdown value`, example: 'Chrome' },
    ]),
  )
  if (version.materialization === null) {
    properties['date_from'] = { type: 'string', description: 'Start of the range.', example: '2024-01-01' }
    properties['date_to'] = { type: 'string', description: 'End of the range.', example: '2024-01-31' }
  }
  return { properties, required: names.filter((name) => !version.optionalBreakdowns.includes(name)) }
}

function json(schema: Json): Json {
  return { 'application/json': { schema } }
}
