import { type Redact, redact, redactValue } from './redact.ts'

/** Values that belong to a line of the log. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where lines of the log go. `console` fits, as do most logging libraries that take the message first. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

const levels = ['debug', 'info', 'warn', 'error', 'off'] as const

/** The least severe level that is written. */
export type LogLevel = (typeof levels)[number]

/** Whether a value names a level. */
export function isLogLevel(value: unknown): value is LogLevel {
  return (levels as readonly unknown[]).includes(value)
}

/** Where lines below the level go. */
export const drop = (): void => {}

/**
 * A logger that drops what is below the level before any work, and redacts secrets in the rest. A target that throws or
 * rejects loses the line and nothing else.
 */
export function createLogger(target: Logger, level: LogLevel, redactText: Redact = redact): Logger {
  const line = (name: Exclude<LogLevel, 'off'>): Logger['debug'] =>
    levels.indexOf(name) < levels.indexOf(level)
      ? drop
      : (message, fields) => {
          guard(() => {
            const text = redactText(message)
            // The fields are a record of plain values; redaction keeps that shape.
            return fields === undefined
              ? target[name](text)
              : target[name](text, redactValue(fields, redactText) as LogFields)
          }, drop)
        }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/**
 * Runs code of the user that must not end a call: a hook, a logger, a tracer. `report` gets what it throws, or what its
 * promise rejects with; a `report` that fails itself is ignored. Returns undefined after a throw.
 */
export function guard<T>(work: () => T, report: (error: unknown) => void): T | undefined {
  const tell = (error: unknown): void => {
    try {
      report(error)
    } catch {
      // Nobody is left to report it to.
    }
  }
  try {
    const result = work()
    // Also adopts thenables whose `then` throws: the call goes on either way.
    if (isThenable(result)) Promise.resolve(result).then(undefined, tell)
    return result
  } catch (error) {
    tell(error)
    return undefined
  }
}

/** A thrown value as text, whatever it is: `String` itself throws on some objects. */
export function describeThrown(error: unknown): string {
  try {
    return String(error)
  } catch {
    return 'a value that cannot be written as text'
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return typeof (value as { then?: unknown }).then === 'function'
}
