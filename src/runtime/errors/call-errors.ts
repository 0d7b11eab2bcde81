import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** Record of one attempt. */
export interface AttemptRecord {
  /** Counted from 1. */
  readonly attempt: number
  /** Status of the response, if there was one. */
  readonly status?: number
  /** Name or code of the failure, if there was no response. */
  readonly error?: string
  /** Milliseconds of wait before the next attempt; 0 for the last one. */
  readonly waitMs: number
  /** Reason for or against a retry; `ok` for a success. */
  readonly reason: string
}

/** Fields of a CallError. */
export interface CallErrorFacts extends ErrorFacts {
  readonly operation: string
}

/** A call failed. */
export abstract class CallError extends PostHogError {
  /** Method and path template of the call. */
  declare readonly operation: string
  /** Every attempt, in order. */
  readonly attempts: readonly AttemptRecord[] = []
  /** Why the call was not retried again. */
  readonly stopReason: string | undefined = undefined

  constructor(facts: CallErrorFacts) {
    super(facts)
  }
}

/** Fields of a ConnectionError. */
export interface ConnectionErrorFacts extends CallErrorFacts {
  readonly code?: string | undefined
  readonly unsent?: boolean
  readonly transient?: boolean
}

/** The connection failed, or closed before the end of the response. */
export class ConnectionError extends CallError {
  override readonly name = 'ConnectionError' as const
  override readonly kind = 'connection' as const
  /** System error code, such as `ECONNRESET`, where there is one. */
  declare readonly code: string | undefined
  /** True when the request certainly did not reach the server. */
  declare readonly unsent: boolean
  /** Whether a retry may succeed. False for a rejected certificate. */
  declare readonly transient: boolean

  constructor(facts: ConnectionErrorFacts) {
    // The base class accepts any fields; its declared type has only the common ones.
    super({ code: undefined, unsent: false, transient: true, ...facts } as CallErrorFacts)
  }
}

/** Fields of a DeprecationError. */
export interface DeprecationErrorFacts extends CallErrorFacts {
  readonly replacement: string | undefined
  readonly sunset: string | undefined
  readonly sent: boolean
  readonly attempts?: readonly AttemptRecord[]
  readonly data?: unknown
}

/**
 * The operation is deprecated, and the option `deprecations` is `throw`. If `sent` is true, PostHog has performed the
 * operation: the error is about the future, and `data` has the response.
 */
export class DeprecationError extends CallError {
  override readonly name = 'DeprecationError' as const
  override readonly kind = 'deprecation' as const
  /** The operation or path to use instead, if known. */
  declare readonly replacement: string | undefined
  /** The day on which the operation ends, as PostHog writes it. */
  declare readonly sunset: string | undefined
  /** False if Typehog knew the deprecation and sent nothing. True if only the response revealed it. */
  declare readonly sent: boolean
  /** Data of the response. Undefined if nothing was sent, and for streams. Omitted from JSON. */
  declare readonly data: unknown

  constructor({ data, attempts = [], ...facts }: DeprecationErrorFacts) {
    super(facts)
    Object.assign(this, { attempts })
    Object.defineProperty(this, 'data', { value: data })
  }
}

/** Which of the three timeouts expired. */
export type TimeoutPhase = 'attempt' | 'idle' | 'total'

/** A timeout of the client expired. The server may have processed the request. Thrown as one of its three subclasses. */
export class TimeoutError extends CallError {
  override readonly name: string = 'TimeoutError'
  override readonly kind = 'timeout' as const
  declare readonly phase: TimeoutPhase
  /** The timeout, in milliseconds. */
  declare readonly ms: number

  constructor(operation: string, phase: TimeoutPhase, ms: number, what: string, option: string) {
    // The base class accepts any fields; its declared type has only the common ones.
    super({
      operation,
      phase,
      ms,
      message: `${operation}: ${what} after ${ms} ms.`,
      fix: `Request less data, or raise \`${option}\`.`,
    } as CallErrorFacts)
  }
}

/** One attempt, including its body, took longer than `timeout`. */
export class AttemptTimeoutError extends TimeoutError {
  override readonly name = 'AttemptTimeoutError' as const

  constructor(operation: string, ms: number) {
    super(operation, 'attempt', ms, 'one attempt timed out', 'timeout')
  }
}

/** No byte of the body arrived within `idleTimeout`. */
export class IdleTimeoutError extends TimeoutError {
  override readonly name = 'IdleTimeoutError' as const

  constructor(operation: string, ms: number) {
    super(operation, 'idle', ms, 'no byte of the body arrived', 'idleTimeout')
  }
}

/** The call, including retries and waits, took longer than `totalTimeout`. */
export class TotalTimeoutError extends TimeoutError {
  override readonly name = 'TotalTimeoutError' as const

  constructor(operation: string, ms: number) {
    super(operation, 'total', ms, 'the call with its retries timed out', 'totalTimeout')
  }
}
