import { DecodeError } from '../../runtime/errors/decode-error.ts'

/** What PostHog answers to a run, as far as it is relied upon. Every field but `results` may be missing. */
export interface RunAnswer {
  readonly results: unknown
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
export function readAnswer(value: unknown, endpointName: string): RunAnswer {
  if (value === null || typeof value !== 'object' || !('results' in value)) {
    throw new DecodeError({
      message: `The answer of endpoint "${endpointName}" has no "results".`,
      fix: 'Check that the host is a PostHog app host and that nothing between rewrites its answers.',
    })
  }
  const fields = value as Readonly<Record<string, unknown>>
  const answer: Record<string, unknown> = { results: fields['results'] }
  for (const [name, accepts] of Object.entries(accepted)) {
    if (accepts(fields[name])) answer[name] = fields[name]
  }
  // Each optional field was checked by `accepted`, which names all of them.
  return answer as unknown as RunAnswer
}

type Check = (value: unknown) => boolean
const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number'
const isFlag: Check = (value) => typeof value === 'boolean'

const accepted: Readonly<Record<Exclude<keyof RunAnswer, 'results'>, Check>> = {
  columns: (value) => Array.isArray(value) && value.every(isText),
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
