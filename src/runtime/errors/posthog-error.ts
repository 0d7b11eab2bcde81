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
  | 'deprecation'
  | 'timeout'
  | 'version_drift'
  | 'configuration'
  | 'decode'
  | 'invalid_response'
  | 'truncated_result'
  | 'row_count'
  | 'materialization'
  | 'unsent_events'
  | 'response_too_large'

/** Fields of every error. */
export interface ErrorFacts {
  /** What happened and what was expected. */
  readonly message: string
  /** How to fix it. */
  readonly fix?: string | undefined
  readonly cause?: unknown
}

/** The page with a section for each class. */
const errorsPage = 'https://github.com/OWNER/typehog/blob/main/docs/errors.md'

/** Base class of the errors of Typehog. The abort reason of a signal is thrown unchanged instead. */
export abstract class PostHogError extends Error {
  abstract override readonly name: string
  abstract readonly kind: ErrorKind
  /** How to fix it, in a sentence. */
  declare readonly fix: string | undefined
  /** The `cursor` option that resumes a list after this error. Undefined outside of lists. */
  declare readonly cursor?: string | undefined

  /** Assigns all other properties of `facts` as fields, which subclasses declare. Redacts keys. */
  constructor({ message, cause, ...fields }: ErrorFacts) {
    super(redact(message), cause === undefined ? undefined : { cause: redactDeep(cause, redact) })
    Object.assign(this, fields)
    redactError(this, redact)
    Object.defineProperty(this, brand, { value: true })
  }

  /** Address of the documentation of this class of error. */
  get docs(): string {
    return `${errorsPage}#${this.name.toLowerCase()}`
  }

  /**
   * Plain data for a log: the error's own fields without cause and stack, with private keys redacted. Omits fields that
   * JSON cannot represent.
   */
  toJSON(): Record<string, unknown> {
    // The message is not enumerable.
    return redactFields(this, ['message', ...Object.keys(this)])
  }
}

/** Fields with the caller's own data, which stay unchanged. */
const ownData = new Set<PropertyKey>(['data', 'items', 'unsent', 'values'])

/** Redacts an error in place: its message, stack, fields and cause. */
export function redactError(error: PostHogError, redactText: Redact): void {
  const safe: Record<PropertyKey, unknown> = {}
  for (const name of Reflect.ownKeys(error)) {
    // Reading a stack is slow. It can contain a secret only where it repeats the message.
    if (ownData.has(name) || name === brand || name === 'stack') continue
    const value: unknown = Reflect.get(error, name)
    const written = redactDeep(value, redactText)
    if (written !== value) safe[name] = written
  }
  if ('message' in safe) safe['stack'] = redactDeep(error.stack, redactText)
  Object.assign(error, safe)
}

/** Whether a value is an error of Typehog, also from another copy of the package or another realm. */
export function isPostHogError(value: unknown): value is PostHogError {
  return typeof value === 'object' && value !== null && brand in value
}

/** The client is misconfigured, or an argument of a call is invalid. */
export class ConfigurationError extends PostHogError {
  override readonly name = 'ConfigurationError' as const
  override readonly kind = 'configuration' as const
}

/**
 * Completes an error of Typehog for the caller: redacts the secrets of client and call, and replaces the stack with the
 * caller's. After an await, the original stack shows only this package. Other errors stay unchanged.
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
