import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import { breakdownsOf } from './breakdowns.ts'
import type { SavedQuery } from './endpoint-record.ts'

/** Ages, in seconds, that an endpoint's data may be declared fresh for. */
export const FRESHNESS_SECONDS: readonly number[] = [900, 1_800, 3_600, 21_600, 43_200, 86_400, 604_800]
/** Freshness when none is asked for: a day. */
export const DEFAULT_FRESHNESS_SECONDS: number = 86_400

const BUCKETS = ['minute', 'fifteen_minutes', 'hour', 'day', 'week', 'month']
// First a letter, then letters, digits, `_`, `-`; 128 at most.
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/
// List-level actions stand where a name would: an endpoint called so could not be reached.
const RESERVED = ['last_execution_times', 'materialization_conditions', 'bulk_update_tags']

/** The body of create and update, each field checked for its type. Undefined: not sent. Null: sent as null. */
export interface SettingsBody {
  readonly name?: unknown
  readonly query?: Record<string, unknown> | null
  readonly description?: string | null
  readonly data_freshness_seconds?: number | null
  readonly is_active?: boolean | null
  readonly is_materialized?: boolean | null
  readonly derived_from_insight?: string | null
  readonly version?: number | null
  readonly bucket_overrides?: Record<string, string> | null
  readonly optional_breakdown_properties?: string[] | null
  readonly tags?: string[] | null
  readonly deleted?: boolean | null
}

type Check = (value: unknown) => string | undefined
const text: Check = (value) => (typeof value === 'string' ? undefined : 'Input should be a valid string')
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'Input should be a valid boolean')
const integer: Check = (value) => (Number.isInteger(value) ? undefined : 'Input should be a valid integer')
const dictionary: Check = (value) => (isObject(value) ? undefined : 'Input should be a valid dictionary')
const texts: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? undefined
    : 'Input should be a valid list of strings'

const CHECKS: Readonly<Record<keyof SettingsBody, Check>> = {
  name: () => undefined,
  query: dictionary,
  description: text,
  data_freshness_seconds: integer,
  is_active: flag,
  is_materialized: flag,
  derived_from_insight: text,
  version: integer,
  bucket_overrides: dictionary,
  optional_breakdown_properties: texts,
  tags: texts,
  deleted: flag,
}

/**
 * Checks the fields of a create or update body: known names, right types, allowed values.
 *
 * @throws ApiError 400 on the first field that is wrong.
 */
export function readSettings(body: unknown): SettingsBody {
  if (!isObject(body))
    throw invalid(null, 'Input should be a valid dictionary or instance of EndpointRequest')
  for (const [field, value] of Object.entries(body)) {
    if (field === 'personal_api_key') continue
    if (!Object.hasOwn(CHECKS, field)) throw invalid(field, 'Extra inputs are not permitted')
    // `field` is a key of CHECKS: it was found there just above.
    const problem = value === null ? undefined : CHECKS[field as keyof SettingsBody](value)
    if (problem !== undefined) throw invalid(field, problem)
  }
  // Every field has been checked against the type it has here.
  const settings = body as SettingsBody
  const freshness = settings.data_freshness_seconds
  if (freshness !== undefined && freshness !== null && !FRESHNESS_SECONDS.includes(freshness)) {
    throw invalid('data_freshness_seconds', `Invalid value. Must be one of: ${FRESHNESS_SECONDS.join(', ')}`)
  }
  return settings
}

/** Checks the name of a new endpoint. */
export function readName(settings: SettingsBody, isTaken: (name: string) => boolean): string {
  const { name } = settings
  if (name === undefined || name === null || name === '') throw invalid('name', 'Endpoint must have a name.')
  if (typeof name !== 'string' || !NAME.test(name) || RESERVED.includes(name)) {
    const rule =
      'start with a letter, contain only letters, digits, hyphens and underscores, at most 128 characters'
    throw invalid('name', `Invalid name: it must ${rule}.`)
  }
  if (isTaken(name)) throw invalid('name', 'An endpoint with this name already exists.')
  return name
}

/** Checks the fields that only one sort of query takes. */
export function checkAgainstQuery(settings: SettingsBody, query: SavedQuery): void {
  const optional = settings.optional_breakdown_properties ?? []
  const properties = breakdownsOf(query).map(({ property }) => property)
  const stranger = optional.find((property) => !properties.includes(property))
  if (stranger !== undefined) {
    throw invalid('optional_breakdown_properties', `'${stranger}' is not a breakdown of this query`)
  }
  const buckets = settings.bucket_overrides
  if (buckets === undefined || buckets === null) return
  if (query.kind !== 'HogQLQuery') throw invalid(null, 'Bucket overrides apply to HogQL queries only')
  const wrong = Object.entries(buckets).find(([, bucket]) => !BUCKETS.includes(bucket))
  if (wrong !== undefined) {
    throw invalid(
      null,
      `Invalid bucket '${wrong[1]}' for '${wrong[0]}'. Must be one of: ${BUCKETS.join(', ')}`,
    )
  }
}
