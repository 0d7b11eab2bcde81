import { CallError, type CallErrorFacts } from './call-error.ts'

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
