import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** What became of one attempt. */
export interface AttemptRecord {
  /** Counted from 1. */
  readonly attempt: number
  /** Status of the answer, when there was one. */
  readonly status?: number
  /** Name or code of the failure, when there was no answer. */
  readonly error?: string
  /** Milliseconds waited before the next attempt; 0 when there was none. */
  readonly waitMs: number
  /** Why it was tried again, or why not; `ok` for a success. */
  readonly reason: string
}

/** What every failed call is made of. */
export interface CallErrorFacts extends ErrorFacts {
  readonly operation: string
}

/** A call that was sent, or tried, and failed. */
export abstract class CallError extends PostHogError {
  /** Method and path template of the call. */
  declare readonly operation: string
  /** Every attempt, in order. */
  readonly attempts: readonly AttemptRecord[] = []
  /** Why no further attempt was made. */
  readonly stopReason: string | undefined = undefined

  constructor(facts: CallErrorFacts) {
    super(facts)
  }
}

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

/** Which of the three clocks ran out. */
export type TimeoutPhase = 'attempt' | 'idle' | 'total'

/** A timeout of the client ran out. The server may have acted all the same. Thrown as one of its three subclasses. */
export class TimeoutError extends CallError {
  override readonly name: string = 'TimeoutError'
  override readonly kind = 'timeout' as const
  declare readonly phase: TimeoutPhase
  /** The timeout, in milliseconds. */
  declare readonly ms: number

  constructor(operation: string, phase: TimeoutPhase, ms: number, what: string, option: string) {
    // The base takes whatever fields there are; its declared type names only the common ones.
    super({
      operation,
      phase,
      ms,
      message: `${operation}: ${what} after ${ms} ms.`,
      fix: `Ask for less, or raise \`${option}\`.`,
    } as CallErrorFacts)
  }
}

/** One attempt, with its body, took longer than `timeout`. */
export class AttemptTimeoutError extends TimeoutError {
  override readonly name = 'AttemptTimeoutError' as const

  constructor(operation: string, ms: number) {
    super(operation, 'attempt', ms, 'one attempt was not over', 'timeout')
  }
}

/** No byte of the body came for as long as `idleTimeout`. */
export class IdleTimeoutError extends TimeoutError {
  override readonly name = 'IdleTimeoutError' as const

  constructor(operation: string, ms: number) {
    super(operation, 'idle', ms, 'no byte of the body came', 'idleTimeout')
  }
}

/** The call with its retries and waits took longer than `totalTimeout`. */
export class TotalTimeoutError extends TimeoutError {
  override readonly name = 'TotalTimeoutError' as const

  constructor(operation: string, ms: number) {
    super(operation, 'total', ms, 'the call with its retries was not over', 'totalTimeout')
  }
}
