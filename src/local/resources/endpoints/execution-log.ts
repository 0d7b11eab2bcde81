import { HogqlError } from '../../../hogql/hogql-error.ts'
import { EngineError } from '../../engine/sql-engine.ts'
import { ApiError } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import type { EndpointRecord, LogLine } from './endpoint-store.ts'

// Keeps the memory of a long-running server constant.
const MAX_LOG_LINES = 10_000

/** The class names that PostHog logs for expensive queries, by ClickHouse's error name. */
const COST_ERRORS: Readonly<Record<string, string>> = {
  timeout_exceeded: 'ClickHouseQueryTimeOut',
  too_slow: 'ClickHouseEstimatedQueryExecutionTimeTooLong',
  memory_limit_exceeded: 'ClickHouseQueryMemoryLimitExceeded',
  query_is_too_large: 'ClickHouseQuerySizeExceeded',
}

/** The way that a run took: `materialized_fallback` is the original query after a failed read of the table. */
export type ExecutionPath = 'inline' | 'materialized' | 'materialized_fallback'

/** What an execution log line says about a run, in the order of the line. */
export interface ExecutionTokens {
  readonly path: ExecutionPath
  readonly cache?: 'hit' | 'miss'
  readonly duration_ms?: number
  readonly rows?: number | undefined
  readonly version: number
  readonly error?: string
}

/**
 * The message of a run that started. A token without a value is omitted.
 *
 * @see PostHog/posthog products/endpoints/backend/logs.py
 */
export function executionMessage(tokens: ExecutionTokens): string {
  const words = Object.entries(tokens)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${String(value)}`)
  const outcome = tokens.error === undefined ? 'executed' : 'execution failed'
  return `Endpoint ${outcome} · ${words.join(' ')}`
}

/** The message of a request that was rejected before its run. */
export function rejectionMessage({ body }: ApiError): string {
  const { attr, detail, error } = body
  const reason = String(detail ?? error)
  return `Endpoint execution failed · invalid request · ${typeof attr === 'string' ? `${attr}: ` : ''}${reason}`
}

/** The error code or class name that PostHog logs for a failed run. It never logs the message. */
export function errorLabel(error: unknown): string {
  if (error instanceof EngineError) return COST_ERRORS[error.code] ?? error.code
  if (error instanceof HogqlError) return 'QueryError'
  return error instanceof ApiError && error.status === 400 ? 'ValidationError' : 'Exception'
}

/** Adds a line to the execution log of an endpoint. */
export function logExecution(
  state: ServerState,
  endpoint: EndpointRecord,
  line: Pick<LogLine, 'instance_id' | 'level' | 'message'>,
): void {
  const lines = state.endpoints.log
  lines.push({ log_source_id: endpoint.id, timestamp: state.now().toISOString(), ...line })
  if (lines.length > MAX_LOG_LINES) lines.shift()
}
