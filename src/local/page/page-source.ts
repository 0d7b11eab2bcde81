import type { RequestLog } from '../http/request-log.ts'
import type { ServerState } from '../server-state.ts'

/** What the page shows. */
export interface PageSource {
  readonly state: ServerState
  readonly log: RequestLog
  readonly personalApiKey: string
  readonly projectSecretKey: string
}
