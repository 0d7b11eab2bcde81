import type { EndpointDefinition } from '../../shared/endpoint-definition.ts'
import type { Field } from './compare-definition.ts'
import { toFreshnessSeconds } from './schedule.ts'

/** The body of a request that creates or updates an endpoint. */
export interface EndpointBody {
  readonly description?: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly is_materialized?: false
  readonly is_active?: true
  readonly data_freshness_seconds?: number
}

/** Ids of the project's SQL variables by code name. */
export type VariableIds = ReadonlyMap<string, string>

/** Returns the body that creates an endpoint, without a table: it is materialized after a preview. */
export function createBody(
  definition: EndpointDefinition,
  ids: VariableIds,
): EndpointBody & { readonly name: string } {
  const { name, description = '' } = definition
  return { name, description, query: queryWithVariables(definition, ids), ...freshness(definition) }
}

/** Returns the body that updates fields of an endpoint. It can end a materialization, but not start one. */
export function updateBody(
  definition: EndpointDefinition,
  fields: ReadonlySet<Field>,
  ids: VariableIds,
): EndpointBody {
  const needsQuery = fields.has('query') || fields.has('query_definition') || fields.has('variables')
  const endsTable = fields.has('materialization') && definition.materialization?.enabled !== true
  return {
    ...(fields.has('description') ? { description: definition.description ?? '' } : {}),
    ...(needsQuery ? { query: queryWithVariables(definition, ids) } : {}),
    ...(endsTable ? { is_materialized: false as const } : {}),
    ...(fields.has('active') ? { is_active: true as const } : {}),
    ...(fields.has('schedule') ? freshness(definition) : {}),
  }
}

/** Returns the query with its variables in PostHog's wire format, which uses the ids of variables. */
function queryWithVariables(
  { query, variables }: Pick<EndpointDefinition, 'query' | 'variables'>,
  ids: VariableIds,
): Record<string, unknown> {
  const wire = variables.flatMap(({ name, default: value }) => {
    const variableId = ids.get(name)
    if (variableId === undefined) return []
    return [[variableId, { variableId, code_name: name, ...(value === undefined ? {} : { value }) }] as const]
  })
  return { ...query, ...(wire.length === 0 ? {} : { variables: Object.fromEntries(wire) }) }
}

function freshness({ materialization }: EndpointDefinition): Pick<EndpointBody, 'data_freshness_seconds'> {
  const schedule = materialization?.schedule
  return schedule === undefined ? {} : { data_freshness_seconds: toFreshnessSeconds(schedule) }
}
