import { type APIErrorFacts, QueryError } from '../runtime/errors/api-errors.ts'
import { redact } from '../runtime/observe/redact.ts'
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

/** Maximum length of PostHog's error text in a message, in characters. */
const maxDetail = 500

/**
 * Throws if a response with status 200 reports an error: in `error`, or in the status of a background query.
 *
 * @param facts details of the query for the error
 * @throws QueryError with PostHog's error text
 */
export function throwReportedError(
  response: unknown,
  operation: string,
  facts: Pick<APIErrorFacts, 'query' | 'values'> = {},
): void {
  const { error, query_status: status, execution_id: executionId } = Object(response)
  const { error: hasFailed, error_message: message } = Object(status)
  const text =
    errorMessageIn(error) ??
    (hasFailed === true ? (errorMessageIn(message) ?? 'The query failed.') : undefined)
  if (text === undefined) return
  const detail = redact(text)
  throw new QueryError({
    ...facts,
    ...(typeof executionId === 'string' ? { executionId } : {}),
    operation,
    status: 200,
    detail,
    message: `${operation} returned 200 with an error: ${detail.slice(0, maxDetail).replace(/\p{Cc}+/gu, ' ')}`,
    fix: 'Correct the query. PostHog returned no rows for it.',
  })
}

function errorMessageIn(error: unknown): string | undefined {
  if (typeof error === 'string') return error === '' ? undefined : error
  if (typeof error !== 'object' || error === null) return undefined
  const { message, detail } = error as { readonly message?: unknown; readonly detail?: unknown }
  const text = [detail, message].find((candidate) => typeof candidate === 'string' && candidate !== '')
  return typeof text === 'string' ? text : 'The query failed.'
}
