import { bare, invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { SentVariables } from './variable-rules.ts'

/** How a run may use stored answers. */
export const REFRESH_MODES = ['cache', 'force', 'direct'] as const
export type RefreshMode = (typeof REFRESH_MODES)[number]

/** A run request, checked. */
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

const integer: Check = (value) => (Number.isInteger(value) ? undefined : 'Input should be a valid integer')
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
 * Reads the body of a run, and `version`, `limit`, `offset` of the query string where the body has none.
 *
 * @throws ApiError 400: the standard form for fields of the body, the bare form for integer rules.
 */
export function readRunRequest(body: unknown, query: URLSearchParams): RunRequest {
  const given = body === undefined ? {} : body
  if (!isObject(given))
    throw invalid(null, 'Input should be a valid dictionary or instance of EndpointRunRequest')
  for (const [field, value] of Object.entries(given)) {
    // The key itself may be sent in the body; it was taken from there before.
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
  // Checked above: each is of its type or null.
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
  least: number,
): number | undefined {
  const value = body[name] ?? query.get(name) ?? undefined
  if (value === undefined) return undefined
  const number = typeof value === 'string' && !/^\s*[+-]?\d+\s*$/.test(value) ? Number.NaN : Number(value)
  if (!Number.isInteger(number)) throw bare(400, `${name} must be an integer`)
  if (number < least) throw bare(400, `${name} must be greater than or equal to ${least}`)
  return number
}
