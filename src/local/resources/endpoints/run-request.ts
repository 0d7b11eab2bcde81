import { isObject } from '../../../shared/is-object.ts'
import { bare, invalid } from '../../http/api-error.ts'
import { breakdownsOf, queryVariables, type SentVariables } from '../query/saved-query.ts'
import type { VersionRecord } from './endpoint-store.ts'

/** How a run uses cached results. */
export const REFRESH_MODES = ['cache', 'force', 'direct'] as const
export type RefreshMode = (typeof REFRESH_MODES)[number]

/** A validated run request. */
export interface RunRequest {
  readonly variables: SentVariables
  readonly refresh: RefreshMode
  readonly limit: number | undefined
  readonly offset: number | undefined
  readonly version: number | undefined
  readonly debug: boolean
  readonly filtersOverride: Record<string, unknown> | undefined
}

type Check = (value: unknown) => string | undefined

// PostHog's model also takes text with an integer.
const integer: Check = (value) =>
  Number.isInteger(value) || (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value))
    ? undefined
    : 'Input should be a valid integer'
const dictionary: Check = (value) => (isObject(value) ? undefined : 'Input should be a valid dictionary')

const FIELDS: Readonly<Record<string, Check>> = {
  variables: dictionary,
  refresh: (value) =>
    REFRESH_MODES.some((mode) => mode === value) ? undefined : "Input should be 'cache', 'force' or 'direct'",
  limit: integer,
  offset: integer,
  version: integer,
  debug: (value) => (typeof value === 'boolean' ? undefined : 'Input should be a valid boolean'),
  client_query_id: (value) => (typeof value === 'string' ? undefined : 'Input should be a valid string'),
  filters_override: dictionary,
}

/**
 * Reads the body of a run. Takes `version`, `limit` and `offset` from the query string when the body lacks them.
 *
 * @throws ApiError 400, with the standard envelope for fields of the body and the bare body for integer rules.
 */
export function readRunRequest(body: unknown, query: URLSearchParams): RunRequest {
  const given = body === undefined ? {} : body
  if (!isObject(given))
    throw invalid(null, 'Input should be a valid dictionary or instance of EndpointRunRequest')
  for (const [field, value] of Object.entries(given)) {
    // Authentication has already read a key in the body.
    if (field === 'personal_api_key') continue
    const check = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined
    if (check === undefined) throw invalid(field, 'Extra inputs are not permitted')
    const problem = value === null ? undefined : check(value)
    if (problem !== undefined) throw invalid(field, problem)
  }
  const version = readInteger(given, query, 'version', 1)
  const limit = readInteger(given, query, 'limit', 1)
  const offset = readInteger(given, query, 'offset', 0)
  if (offset !== undefined && limit === undefined) throw bare(400, 'offset requires limit to be set')
  // The loop has validated the types: each value has its type or is null.
  return {
    variables: (given['variables'] ?? {}) as SentVariables,
    refresh: (given['refresh'] ?? 'cache') as RefreshMode,
    limit,
    offset,
    version,
    debug: given['debug'] === true,
    filtersOverride: (given['filters_override'] ?? undefined) as Record<string, unknown> | undefined,
  }
}

function readInteger(
  body: Record<string, unknown>,
  query: URLSearchParams,
  name: string,
  min: number,
): number | undefined {
  const value = body[name] ?? query.get(name) ?? undefined
  if (value === undefined) return undefined
  const number = typeof value === 'string' && !/^\s*[+-]?\d+\s*$/.test(value) ? Number.NaN : Number(value)
  if (!Number.isInteger(number)) throw bare(400, `${name} must be an integer`)
  if (number < min) throw bare(400, `${name} must be greater than or equal to ${min}`)
  return number
}

/**
 * Validates the names of the variables that a caller sent.
 *
 * A materialized version requires every variable, even while its table is stale.
 *
 * @throws ApiError 400 on `variables` that names all unknown or all missing variables.
 */
export function checkVariables(
  version: VersionRecord,
  { variables: sent, filtersOverride }: Pick<RunRequest, 'variables' | 'filtersOverride'>,
): void {
  const allowed = allowedNames(version)
  const unknown = Object.keys(sent)
    .filter((name) => !allowed.includes(name))
    .sort()
  if (unknown.length > 0) throw invalid('variables', `Unknown variable(s): ${unknown.join(', ')}`)
  const required = requiredNames(version)
  if (required.length === 1 && overrideValue(version, filtersOverride) !== undefined) return
  const missing = required.filter((name) => !Object.hasOwn(sent, name) || sent[name] === null).sort()
  if (missing.length > 0) {
    const names = missing.map((name) => `'${name}'`).join(', ')
    throw invalid('variables', `Required variable(s) ${names} not provided`)
  }
}

/**
 * The value that `filters_override` gives the breakdown of a materialized insight: that of its first property with one.
 * PostHog does not compare the name of the property.
 *
 * @see PostHog/posthog products/endpoints/backend/logic/strategies.py, materialized_filters_override_satisfies_required
 */
export function overrideValue(
  { query: { kind } }: VersionRecord,
  override: RunRequest['filtersOverride'],
): string | undefined {
  const properties = override?.['properties']
  if (!Array.isArray(properties) || !['TrendsQuery', 'RetentionQuery'].includes(kind)) return undefined
  const values = properties.filter(isObject).map(({ value }) => value)
  const first = values.find((value) => value !== null && value !== undefined)
  const single: unknown = Array.isArray(first) ? first[0] : first
  return single === undefined ? undefined : String(single)
}

function allowedNames(version: VersionRecord): string[] {
  if (version.query.kind === 'HogQLQuery')
    return queryVariables(version.query).map(({ code_name }) => code_name)
  const breakdowns = breakdownsOf(version.query).map(({ property }) => property)
  return version.materialization === null ? [...breakdowns, 'date_from', 'date_to'] : breakdowns
}

function requiredNames(version: VersionRecord): string[] {
  if (version.materialization === null) return []
  if (version.query.kind === 'HogQLQuery')
    return queryVariables(version.query).map(({ code_name }) => code_name)
  const optional = version.optionalBreakdowns
  return breakdownsOf(version.query)
    .map(({ property }) => property)
    .filter((property) => !optional.includes(property))
}
