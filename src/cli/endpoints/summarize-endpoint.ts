/** What the list shows of an endpoint. */
export interface EndpointSummary {
  readonly name: string
  readonly description: string
  /** The newest version; null when the server gives no number. */
  readonly version: number | null
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

/** Reads what the list needs. Whatever the server says, the list shows what can be shown. */
export function summarizeEndpoint(endpoint: unknown): EndpointSummary {
  const { query: saved, ...about } = fields(endpoint)
  const query = fields(saved)
  const kind = text(query['kind']) ?? 'unknown'
  const version = about['current_version']
  const materialized = about['is_materialized'] === true
  return {
    name: text(about['name']) ?? '?',
    description: text(about['description']) ?? '',
    version: typeof version === 'number' ? version : null,
    kind,
    materialized,
    active: about['is_active'] !== false,
    variables: kind === 'HogQLQuery' ? hogqlVariables(query) : insightVariables(query, materialized),
    lastRunAt: text(about['last_executed_at']) ?? null,
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

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const texts = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string')

function fields(value: unknown): Fields {
  // Any object may be read as a record of unknown values.
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
