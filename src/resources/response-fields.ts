import { isTexts } from '../runtime/rows/decode-rows.ts'

/** What PostHog answers to a query or a run besides its results, as far as it is relied upon. Any may be missing. */
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

/** Keeps the fields of an answer that have the type they should have; the others count as missing. */
export function readResponseFields(value: unknown): ResponseFields {
  const fields: Readonly<Record<string, unknown>> = Object(value)
  // Each field was checked by `accepted`, which names all of them.
  return Object.fromEntries(
    Object.entries(accepted).flatMap(([name, accepts]) =>
      accepts(fields[name]) ? [[name, fields[name]]] : [],
    ),
  ) as ResponseFields
}

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number'
const isFlag: Check = (value) => typeof value === 'boolean'

const accepted: Readonly<Record<keyof ResponseFields, Check>> = {
  columns: isTexts,
  types: Array.isArray,
  hasMore: isFlag,
  limit: isNumber,
  offset: isNumber,
  is_cached: isFlag,
  last_refresh: isText,
  cache_target_age: isText,
  next_allowed_client_refresh: isText,
  timezone: isText,
  execution_id: isText,
  endpoint_version: isNumber,
  endpoint_version_created_at: isText,
  endpoint_materialized: isFlag,
  endpoint_materialized_at: isText,
}
