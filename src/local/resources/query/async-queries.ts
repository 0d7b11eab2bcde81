import { HogqlError } from '../../../hogql/hogql-error.ts'
import { EngineError } from '../../engine/sql-engine.ts'
import { ApiError, notFound } from '../../http/api-error.ts'

/** Lifetime of a query's status, in milliseconds. */
const STATUS_TTL_MS = 20 * 60 * 1_000

/** The status of a background query, as `query_status` shows it. */
export interface QueryStatus {
  readonly id: string
  readonly team_id: number
  readonly query_async: true
  readonly complete: boolean
  readonly error: boolean
  readonly error_message: string | null
  /** The response of the finished query, else null. */
  readonly results: unknown
  readonly start_time: string
  readonly end_time: string | null
  readonly expiration_time: string
}

/** Queries that run in the background. */
export interface AsyncQueries {
  /** Starts work under an id. For a known id, returns its status without starting the work. */
  start(id: string, work: () => Promise<unknown>): QueryStatus
  /** @throws ApiError 404 for an id that is unknown, canceled or expired. */
  get(id: string): QueryStatus
  /** Cancels a query and returns PostHog's message. The work runs to its end, but its result is dropped. */
  cancel(id: string): string
}

/** Creates an empty set of background queries. */
export function createAsyncQueries(projectId: number, now: () => Date): AsyncQueries {
  const queries = new Map<string, QueryStatus>()
  const find = (id: string): QueryStatus | undefined => {
    const status = queries.get(id)
    if (status !== undefined && new Date(status.expiration_time) > now()) return status
    queries.delete(id)
    return undefined
  }
  const finish = (id: string, end: Pick<QueryStatus, 'error' | 'error_message' | 'results'>): void => {
    const status = queries.get(id)
    if (status === undefined) return
    queries.set(id, { ...status, ...end, complete: true, end_time: now().toISOString() })
  }
  const get = (id: string): QueryStatus => {
    const status = find(id)
    if (status === undefined) throw notFound(`Query ${id} not found for team ${projectId}`)
    return status
  }
  return {
    get,
    start(id, work) {
      const existing = find(id)
      if (existing !== undefined) return existing
      const status: QueryStatus = {
        id,
        team_id: projectId,
        query_async: true,
        complete: false,
        error: false,
        error_message: null,
        results: null,
        start_time: now().toISOString(),
        end_time: null,
        expiration_time: new Date(now().getTime() + STATUS_TTL_MS).toISOString(),
      }
      queries.set(id, status)
      work().then(
        (results) => finish(id, { error: false, error_message: null, results }),
        (error: unknown) => finish(id, { error: true, error_message: visibleMessage(error), results: null }),
      )
      return status
    },
    cancel(id) {
      const { complete } = get(id)
      queries.delete(id)
      return complete ? 'Query already complete' : 'Query task revoked'
    },
  }
}

/** PostHog shows the message of a mistake in the query and hides all others. */
function visibleMessage(error: unknown): string | null {
  if (error instanceof HogqlError || error instanceof EngineError) return error.message
  if (!(error instanceof ApiError) || error.status >= 500) return null
  return String(error.body['detail'] ?? '')
}
