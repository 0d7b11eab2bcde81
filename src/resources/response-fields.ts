import { isStringArray } from '../runtime/rows/decode-rows.ts'

/** Fields of a query or endpoint response besides its results. PostHog may omit any of them. */
export interface ResponseFields {
  readonly columns?: readonly string[]
  readonly types?: readonly unknown[]
  readonly hasMore?: boolean
  readonly limit?: number
  readonly offset?: number
  readonly is_cached?: boolean
  readonly last_refresh?: string
  readonly cache_target_age?: string
  readonly next_allowed_client_refresh?: string
  readonly timezone?: string
  readonly execution_id?: string
  readonly endpoint_version?: number
  readonly endpoint_version_created_at?: string
  readonly endpoint_materialized?: boolean
  readonly endpoint_materialized_at?: string
}

/** Reads the known fields of a response. Fields with an unexpected type count as missing. */
export function readResponseFields(value: unknown): ResponseFields {
  const fields: Readonly<Record<string, unknown>> = Object(value)
  // `typeChecks` names every field and checks its type.
  return Object.fromEntries(
    Object.entries(typeChecks).flatMap(([name, check]) =>
      check(fields[name]) ? [[name, fields[name]]] : [],
    ),
  ) as ResponseFields
}

type Check = (value: unknown) => boolean
const isString: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number'
const isBoolean: Check = (value) => typeof value === 'boolean'

const typeChecks: Readonly<Record<keyof ResponseFields, Check>> = {
  columns: isStringArray,
  types: Array.isArray,
  hasMore: isBoolean,
  limit: isNumber,
  offset: isNumber,
  is_cached: isBoolean,
  last_refresh: isString,
  cache_target_age: isString,
  next_allowed_client_refresh: isString,
  timezone: isString,
  execution_id: isString,
  endpoint_version: isNumber,
  endpoint_version_created_at: isString,
  endpoint_materialized: isBoolean,
  endpoint_materialized_at: isString,
}
