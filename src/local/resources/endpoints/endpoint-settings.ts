import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { breakdownsOf, type SavedQuery } from '../query/saved-query.ts'
import { readBuckets } from './range-buckets.ts'

/** Allowed freshness of an endpoint's data, in seconds. */
const FRESHNESS_SECONDS: readonly number[] = [900, 1_800, 3_600, 21_600, 43_200, 86_400, 604_800]
/** Default freshness: one day. */
export const DEFAULT_FRESHNESS_SECONDS: number = 86_400

// At most 128 characters: a letter, then letters, digits, `_` and `-`.
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/
// Actions on the list shadow endpoints of the same name.
const RESERVED = ['last_execution_times', 'materialization_conditions', 'bulk_update_tags']

/** The validated body of create and update. Undefined fields were not sent. */
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
 * Validates the body of create or update: field names, types and values.
 *
 * @throws ApiError 400 on the first invalid field.
 */
export function readSettings(body: unknown): SettingsBody {
  if (!isObject(body))
    throw invalid(null, 'Input should be a valid dictionary or instance of EndpointRequest')
  for (const [field, value] of Object.entries(body)) {
    if (field === 'personal_api_key') continue
    if (!Object.hasOwn(CHECKS, field)) throw invalid(field, 'Extra inputs are not permitted')
    // The check above proves that `field` is a key of CHECKS.
    const problem = value === null ? undefined : CHECKS[field as keyof SettingsBody](value)
    if (problem !== undefined) throw invalid(field, problem)
  }
  // The loop has validated the type of every field.
  const settings = body as SettingsBody
  const freshness = settings.data_freshness_seconds
  if (freshness !== undefined && freshness !== null && !FRESHNESS_SECONDS.includes(freshness)) {
    throw invalid('data_freshness_seconds', `Invalid value. Must be one of: ${FRESHNESS_SECONDS.join(', ')}`)
  }
  return settings
}

/** Validates the name of a new endpoint. */
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

/** Validates the fields that depend on the kind of query. */
export function checkAgainstQuery(settings: SettingsBody, query: SavedQuery): void {
  const optional = settings.optional_breakdown_properties ?? []
  const properties = breakdownsOf(query).map(({ property }) => property)
  const unknownProperty = optional.find((property) => !properties.includes(property))
  if (unknownProperty !== undefined) {
    throw invalid('optional_breakdown_properties', `'${unknownProperty}' is not a breakdown of this query`)
  }
  const buckets = settings.bucket_overrides
  if (buckets === undefined || buckets === null) return
  if (query.kind !== 'HogQLQuery') throw invalid(null, 'Bucket overrides apply to HogQL queries only')
  readBuckets(buckets)
}
