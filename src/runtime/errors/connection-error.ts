import { CallError, type CallErrorFacts } from './call-error.ts'

/** What is known of a connection that failed. */
export interface ConnectionErrorFacts extends CallErrorFacts {
  readonly code?: string | undefined
  readonly unsent?: boolean
  readonly transient?: boolean
}

/** No whole answer came: the connection was refused, lost, or cut off before the end of the body. */
export class ConnectionError extends CallError {
  override readonly name = 'ConnectionError' as const
  override readonly kind = 'connection' as const
  /** Code of the system, such as `ECONNRESET`, where there is one. */
  declare readonly code: string | undefined
  /** True when the request certainly did not reach the server. */
  declare readonly unsent: boolean
  /** Whether it may pass by itself. A refused certificate does not. */
  declare readonly transient: boolean

  constructor(facts: ConnectionErrorFacts) {
    // The base takes whatever fields there are; its declared type names only the common ones.
    super({ code: undefined, unsent: false, transient: true, ...facts } as CallErrorFacts)
  }
}
