import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** An answer of 2xx that is not what the operation answers: HTML, broken JSON, or a missing part. */
export class DecodeError extends PostHogError {
  override readonly name = 'DecodeError' as const
  override readonly kind = 'decode' as const
}

/** What was too large, and what to do about it. */
const parts = {
  body: {
    what: 'the body of the response',
    fix: 'Ask for less: fewer columns or rows, a shorter time. Stream rows with `.stream()`, or raise `maxResponseBytes`.',
  },
  row: {
    what: 'a row of the response',
    fix: 'Leave large columns out of the query, or raise `maxResponseBytes`.',
  },
  event: {
    what: 'a server-sent event',
    fix: 'Raise `maxResponseBytes` if the dashboard is that large.',
  },
} as const

/** A response of 2xx, or a part of one that is read at once, is larger than `maxResponseBytes`. */
export class ResponseTooLargeError extends PostHogError {
  override readonly name = 'ResponseTooLargeError' as const
  override readonly kind = 'response_too_large' as const
  /** Method and path template of the call. */
  declare readonly operation: string
  /** The limit, in bytes after decompression. */
  declare readonly maxBytes: number

  constructor(operation: string, part: keyof typeof parts, maxBytes: number) {
    const { what, fix } = parts[part]
    super({
      message: `${operation}: ${what} is larger than ${maxBytes} bytes.`,
      fix,
      ...{ operation, maxBytes },
    })
  }
}

/** One part of an answer that does not fit. */
export interface ValidationIssue {
  /** Where, such as `results.0.key`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** An answer of 2xx does not fit the schema that it was held against. The message shows no value of it. */
export class ResponseValidationError extends PostHogError {
  override readonly name = 'ResponseValidationError' as const
  override readonly kind = 'invalid_response' as const
  declare readonly operation: string
  /** The first few of them. */
  declare readonly issues: readonly ValidationIssue[]

  constructor(
    facts: ErrorFacts & { readonly operation: string; readonly issues: readonly ValidationIssue[] },
  ) {
    super(facts)
  }
}

/** There is more than was asked for at most. What came so far is on the error, so that nothing is lost. */
export class TruncatedResultError extends PostHogError {
  override readonly name = 'TruncatedResultError' as const
  override readonly kind = 'truncated_result' as const
  /** What came so far. Not shown in JSON. */
  declare readonly items: readonly unknown[]
  /** Where to go on; undefined where the rest is on the page that was read last. */
  declare readonly cursor: string | undefined

  constructor({
    items,
    ...facts
  }: ErrorFacts & { readonly items: readonly unknown[]; readonly cursor: string | undefined }) {
    super(facts)
    Object.defineProperty(this, 'items', { value: items })
  }
}

/** An endpoint ran at another version than the one that its types were made for. */
export class VersionDriftError extends PostHogError {
  override readonly name = 'VersionDriftError' as const
  override readonly kind = 'version_drift' as const
  /** Name of the endpoint. */
  declare readonly endpoint: string
  /** The version that was asked for. */
  declare readonly pinned: number
  /** The version that ran. */
  declare readonly served: number

  constructor(
    facts: ErrorFacts & { readonly endpoint: string; readonly pinned: number; readonly served: number },
  ) {
    super(facts)
  }
}

/** The table of an endpoint will not be there, however long one waits. */
export class MaterializationError extends PostHogError {
  override readonly name = 'MaterializationError' as const
  override readonly kind = 'materialization' as const
}

/** Events that were not captured, or of which that is not known. They are on the error, so that nothing is lost. */
export class UnsentEventsError extends PostHogError {
  override readonly name = 'UnsentEventsError' as const
  override readonly kind = 'unsent_events' as const
  /** Events that PostHog took before. */
  declare readonly sent: number
  /** The others, with the uuids and times that they were given: capturing them again doubles none. Not shown in JSON. */
  declare readonly unsent: readonly unknown[]

  constructor({
    unsent,
    ...facts
  }: ErrorFacts & { readonly sent: number; readonly unsent: readonly unknown[] }) {
    super(facts)
    Object.defineProperty(this, 'unsent', { value: unsent })
  }
}
