import { type Redact, redact, redactFields } from '../observe/redact.ts'
import { redactDeep } from '../observe/redact-deep.ts'

const brand: unique symbol = Symbol.for('typehog.error')

/** One word per class of error, for `switch`. */
export type ErrorKind =
  | 'api'
  | 'bad_request'
  | 'missing_variables'
  | 'authentication'
  | 'wrong_region'
  | 'permission'
  | 'not_found'
  | 'conflict'
  | 'rate_limit'
  | 'quota_exceeded'
  | 'query'
  | 'query_timeout'
  | 'server'
  | 'connection'
  | 'timeout'
  | 'version_drift'
  | 'configuration'
  | 'decode'
  | 'invalid_response'
  | 'truncated_result'
  | 'materialization'
  | 'unsent_events'
  | 'response_too_large'

/** What every error is made of. */
export interface ErrorFacts {
  /** What happened and what was expected. */
  readonly message: string
  /** What to do about it. */
  readonly fix?: string | undefined
  readonly cause?: unknown
}

/** The base of every error that Typehog throws. A signal's own abort reason is thrown as it is instead. */
export abstract class PostHogError extends Error {
  abstract override readonly name: string
  abstract readonly kind: ErrorKind
  /** What to do about it, in a sentence. */
  declare readonly fix: string | undefined
  /** Where a list may be resumed after this error, as its option `cursor`. Undefined outside of lists. */
  declare readonly cursor?: string | undefined

  /** Whatever else `facts` has becomes a field: subclasses declare theirs, and this sets them. Keys are redacted. */
  constructor({ message, cause, ...fields }: ErrorFacts) {
    super(redact(message), cause === undefined ? undefined : { cause: redactDeep(cause, redact) })
    Object.assign(this, fields)
    redactError(this, redact)
    Object.defineProperty(this, brand, { value: true })
  }

  /**
   * Plain data for a log: the error's own fields without cause and stack, private keys redacted. A field that JSON
   * cannot write is left out.
   */
  toJSON(): Record<string, unknown> {
    // The message is not enumerable.
    return redactFields(this, ['message', ...Object.keys(this)])
  }
}

/** Fields that stay as they are: the caller's own data. */
const ownData = new Set<PropertyKey>(['items', 'unsent', 'values'])

/** Redacts an error of Typehog in place: its message, stack, fields and cause. */
export function redactError(error: PostHogError, redactText: Redact): void {
  const safe: Record<PropertyKey, unknown> = {}
  for (const name of Reflect.ownKeys(error)) {
    // To read a stack is slow, and of all texts it repeats the message only.
    if (ownData.has(name) || name === brand || name === 'stack') continue
    const value: unknown = Reflect.get(error, name)
    const written = redactDeep(value, redactText)
    if (written !== value) safe[name] = written
  }
  if ('message' in safe) safe['stack'] = redactDeep(error.stack, redactText)
  Object.assign(error, safe)
}

/** Whether a value is an error of Typehog, also one of another copy of the package or another realm. */
export function isPostHogError(value: unknown): value is PostHogError {
  return typeof value === 'object' && value !== null && brand in value
}

/** The client is set up in a way that cannot work, or was called with an argument that cannot be sent. */
export class ConfigurationError extends PostHogError {
  override readonly name = 'ConfigurationError' as const
  override readonly kind = 'configuration' as const
}

/**
 * Finishes an error before the caller sees it: redacts the secrets of its client and call, and makes its stack show
 * where the call was made. Behind the waits, its own trace shows the package alone. Errors of others stay as they are.
 */
export function withCallerStack(
  error: unknown,
  trace: Error | undefined,
  redactText: Redact = redact,
): unknown {
  if (!(error instanceof Error) || !isPostHogError(error)) return error
  redactError(error, redactText)
  const frames = trace?.stack?.split('\n').slice(1).join('\n')
  if (frames !== undefined) error.stack = `${error.name}: ${error.message}\n${frames}`
  return error
}
