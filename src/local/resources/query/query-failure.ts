import type { EngineError } from '../../engine/engine-error.ts'
import { ENGINE_MISSING } from '../../engine/missing-engine.ts'
import { type ApiError, envelope, invalid, queryTimedOut } from '../../http/api-error.ts'

// ClickHouse's names for a query that costs too much, with the code that an endpoint run shows for each.
const TOO_COSTLY: Readonly<Record<string, string>> = {
  timeout_exceeded: 'query_timeout',
  too_slow: 'query_timeout',
  memory_limit_exceeded: 'query_memory_limit',
  query_is_too_large: 'query_too_large',
}

/** How the query route answers an engine error: author's mistakes with 400, cost with PostHog's own statuses. */
export function queryFailure(error: EngineError): ApiError {
  if (error.code === ENGINE_MISSING) return envelope(400, 'server_error', ENGINE_MISSING, error.message)
  const cost = TOO_COSTLY[error.code]
  if (cost === 'query_timeout') return queryTimedOut()
  if (cost === 'query_memory_limit') {
    return envelope(513, 'server_error', 'clickhouse_memory_limit_exceeded', error.message)
  }
  return invalid(null, error.message, error.code)
}

/** How an endpoint run answers the same: the cost guards are a 400 of type `server_error`. */
export function runFailure(error: EngineError): ApiError {
  const cost = TOO_COSTLY[error.code]
  return cost === undefined ? queryFailure(error) : envelope(400, 'server_error', cost, error.message)
}
