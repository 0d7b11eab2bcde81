import type { EndpointObject } from '../../resources/endpoints/endpoint-object.ts'

/** What the list shows of an endpoint. */
export interface EndpointSummary {
  readonly name: string
  readonly description: string
  readonly version: number
  /** Kind of the saved query, such as `HogQLQuery`. */
  readonly kind: string
  readonly materialized: boolean
  readonly active: boolean
  /** Names of the variables that a run takes. */
  readonly variables: readonly string[]
  /** ISO 8601; PostHog moves it every 30 minutes at most. Null: never by a key. */
  readonly lastRunAt: string | null
}

type Fields = Readonly<Record<string, unknown>>

/** Reads what the list needs; the saved query is PostHog's and of any shape. */
export function summarizeEndpoint(endpoint: EndpointObject): EndpointSummary {
  const query = fields(endpoint.query)
  const kind = typeof query['kind'] === 'string' ? query['kind'] : 'unknown'
  const { name, current_version, is_materialized, is_active, last_executed_at, description } = endpoint
  return {
    name,
    description: description ?? '',
    version: current_version,
    kind,
    materialized: is_materialized,
    active: is_active,
    variables: kind === 'HogQLQuery' ? hogqlVariables(query) : insightVariables(query, is_materialized),
    lastRunAt: last_executed_at ?? null,
  }
}

function hogqlVariables(query: Fields): string[] {
  return texts(Object.values(fields(query['variables'])).map((variable) => fields(variable)['code_name']))
}

/** An insight takes its breakdowns; one that is not read from a table takes a date range as well. */
function insightVariables(query: Fields, materialized: boolean): string[] {
  const filter = fields(query['breakdownFilter'])
  const several = Array.isArray(filter['breakdowns']) ? filter['breakdowns'] : []
  const names =
    several.length > 0 ? several.map((one) => fields(one)['property']) : [filter['breakdown']].flat()
  return [...texts(names), ...(materialized ? [] : ['date_from', 'date_to'])]
}

const texts = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string')

function fields(value: unknown): Fields {
  // Any object may be read as a record of unknown values.
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
