import { CallError, type CallErrorFacts } from './call-error.ts'

/** Which of the three clocks ran out. */
export type TimeoutPhase = 'attempt' | 'idle' | 'total'

const waitedFor: Readonly<Record<TimeoutPhase, readonly [what: string, option: string]>> = {
  attempt: ['one attempt was not over', 'timeout'],
  idle: ['no byte of the body came', 'idleTimeout'],
  total: ['the call with its retries was not over', 'totalTimeout'],
}

/** A timeout of the client ran out. The server may have acted all the same. */
export class TimeoutError extends CallError {
  override readonly name = 'TimeoutError' as const
  override readonly kind = 'timeout' as const
  declare readonly phase: TimeoutPhase
  /** The timeout, in milliseconds. */
  declare readonly ms: number

  constructor({ operation, phase, ms }: { operation: string; phase: TimeoutPhase; ms: number }) {
    const [what, option] = waitedFor[phase]
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
