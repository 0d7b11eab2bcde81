import { type Redact, redact, redactValue } from './redact.ts'

/** Structured fields of a log line. */
export type LogFields = Readonly<Record<string, unknown>>

/** A logger, such as `console`, or one of most logging libraries that take the message first. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

const levels = ['debug', 'info', 'warn', 'error', 'off'] as const

/** Minimum level of log lines. */
export type LogLevel = (typeof levels)[number]

/** Whether a value is a log level. */
export function isLogLevel(value: unknown): value is LogLevel {
  return (levels as readonly unknown[]).includes(value)
}

/** Discards a log line below the level. */
export const drop = (): void => {}

/**
 * Creates a logger that discards lines below the level without any work, and redacts secrets in the others. Ignores
 * errors of the target.
 */
export function createLogger(target: Logger, level: LogLevel, redactText: Redact = redact): Logger {
  const line = (name: Exclude<LogLevel, 'off'>): Logger['debug'] =>
    levels.indexOf(name) < levels.indexOf(level)
      ? drop
      : (message, fields) => {
          guard(() => {
            const text = redactText(message)
            // The fields are a record of plain values, and redaction preserves this shape.
            return fields === undefined
              ? target[name](text)
              : target[name](text, redactValue(fields, redactText) as LogFields)
          }, drop)
        }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/**
 * Runs code of the user that must not fail a call: a hook, logger or tracer. Passes a thrown error or rejection to
 * `report`, and ignores errors of `report` itself. Returns undefined after a throw.
 */
export function guard<T>(work: () => T, report: (error: unknown) => void): T | undefined {
  const reportSafely = (error: unknown): void => {
    try {
      report(error)
    } catch {
      // There is nowhere left to report it.
    }
  }
  try {
    const result = work()
    // Also handles thenables whose `then` throws.
    if (isThenable(result)) Promise.resolve(result).then(undefined, reportSafely)
    return result
  } catch (error) {
    reportSafely(error)
    return undefined
  }
}

/** Converts any thrown value to a string. `String` itself throws for some objects. */
export function describeThrown(error: unknown): string {
  try {
    return String(error)
  } catch {
    return 'a value that cannot be converted to a string'
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return typeof (value as { then?: unknown }).then === 'function'
}
