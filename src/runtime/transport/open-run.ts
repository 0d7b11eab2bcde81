import { type Config, count, positive } from '../config/resolve.ts'
import { TotalTimeoutError } from '../errors/timeout-error.ts'
import type { Logger } from '../observe/logger.ts'
import type { Platform } from '../platform.ts'
import { openScope, type Scope, watchSignal } from './abort.ts'
import type { Answer } from './answer.ts'
import type { AttemptRecord, Call, CallRun } from './context.ts'

/**
 * Begins a call: its total timeout runs from here. The scope of what it returns has to be ended.
 *
 * @throws ConfigurationError for a timeout or a number of attempts that is out of range
 */
export function openRun(call: Call, config: Config, platform: Platform): CallRun {
  return new Run(call, config, platform)
}

class Run implements CallRun {
  readonly operation: string
  readonly call: Call
  attempt = 1
  readonly attempts: AttemptRecord[] = []
  readonly maxAttempts: number
  readonly log: Logger
  readonly scope: Scope
  readonly timeout: number
  readonly idleTimeout: number
  readonly maxBytes: number
  stream: Answer | undefined = undefined
  readonly #deadline: () => number

  constructor(call: Call, config: Config, platform: Platform) {
    const { operation, signal, timeLeft } = call
    this.operation = operation
    this.call = call
    this.log = config.log
    this.idleTimeout = config.idleTimeout
    this.maxBytes = config.maxResponseBytes
    this.timeout = positive('timeout', call.timeout, config.timeout)
    this.maxAttempts = count('maxAttempts', call.maxAttempts, config.retry.maxAttempts)
    const ms = positive('totalTimeout', call.totalTimeout, config.totalTimeout)
    const deadline = platform.monotonic() + ms
    this.#deadline = timeLeft === undefined ? () => deadline : () => platform.monotonic() + timeLeft()
    const parent = signal && watchSignal(signal)
    const total = timeLeft === undefined ? ms : undefined
    this.scope = openScope(platform, parent, total, () => new TotalTimeoutError(operation, ms))
  }

  get deadline(): number {
    return this.#deadline()
  }

  get signal(): AbortSignal {
    return this.scope.signal
  }
}
