import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** A 2xx response has an unexpected body: HTML, invalid JSON, or a missing part. */
export class DecodeError extends PostHogError {
  override readonly name = 'DecodeError' as const
  override readonly kind = 'decode' as const
}

/** Parts of a response that can be too large. */
const parts = {
  body: {
    what: 'the body of the response',
    fix: 'Request fewer columns or rows, or a shorter time range. Or stream rows with `.stream()`, or raise `maxResponseBytes`.',
  },
  row: {
    what: 'a row of the response',
    fix: 'Remove large columns from the query, or raise `maxResponseBytes`.',
  },
  event: {
    what: 'a server-sent event',
    fix: 'Raise `maxResponseBytes` if the dashboard is really this large.',
  },
} as const

/** A 2xx response, or a buffered part of one, is larger than `maxResponseBytes`. */
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

/** One mismatch between a response and its schema. */
export interface ValidationIssue {
  /** Path in the response, such as `results.0.key`; empty for the root. */
  readonly path: string
  readonly message: string
}

/** A 2xx response does not match its schema. The message contains no values of the response. */
export class ResponseValidationError extends PostHogError {
  override readonly name = 'ResponseValidationError' as const
  override readonly kind = 'invalid_response' as const
  declare readonly operation: string
  /** The first few issues. */
  declare readonly issues: readonly ValidationIssue[]

  constructor(
    facts: ErrorFacts & { readonly operation: string; readonly issues: readonly ValidationIssue[] },
  ) {
    super(facts)
  }
}

/** A result has more items than the maximum. The error has the items received so far, so that none are lost. */
export class TruncatedResultError extends PostHogError {
  override readonly name = 'TruncatedResultError' as const
  override readonly kind = 'truncated_result' as const
  /** The items received so far. Omitted from JSON. */
  declare readonly items: readonly unknown[]
  /** The cursor to resume from; undefined when the rest is on the last page read. */
  declare readonly cursor: string | undefined

  constructor({
    items,
    ...facts
  }: ErrorFacts & { readonly items: readonly unknown[]; readonly cursor: string | undefined }) {
    super(facts)
    Object.defineProperty(this, 'items', { value: items })
  }
}

/** A query returned another number of rows than `maybeOne` or `oneOrThrow` expects. */
export class RowCountError extends PostHogError {
  override readonly name = 'RowCountError' as const
  override readonly kind = 'row_count' as const
  /** Number of rows that the query returned. */
  declare readonly rows: number

  constructor(facts: ErrorFacts & { readonly rows: number }) {
    super(facts)
  }
}

/** An endpoint ran a version other than the pinned one, which its types describe. */
export class VersionDriftError extends PostHogError {
  override readonly name = 'VersionDriftError' as const
  override readonly kind = 'version_drift' as const
  /** Name of the endpoint. */
  declare readonly endpoint: string
  /** The requested version. */
  declare readonly pinned: number
  /** The version that ran. */
  declare readonly served: number

  constructor(
    facts: ErrorFacts & { readonly endpoint: string; readonly pinned: number; readonly served: number },
  ) {
    super(facts)
  }
}

/** The materialization of an endpoint failed, or cannot start. */
export class MaterializationError extends PostHogError {
  override readonly name = 'MaterializationError' as const
  override readonly kind = 'materialization' as const
}

/** Events were not captured, or may not have been. The error has these events, so that none are lost. */
export class UnsentEventsError extends PostHogError {
  override readonly name = 'UnsentEventsError' as const
  override readonly kind = 'unsent_events' as const
  /** Number of events that PostHog accepted. */
  declare readonly sent: number
  /** The other events, with their uuids and timestamps: capturing them again creates no duplicates. Omitted from JSON. */
  declare readonly unsent: readonly unknown[]

  constructor({
    unsent,
    ...facts
  }: ErrorFacts & { readonly sent: number; readonly unsent: readonly unknown[] }) {
    super(facts)
    Object.defineProperty(this, 'unsent', { value: unsent })
  }
}
