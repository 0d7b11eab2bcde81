import { PostHogError } from './posthog-error.ts'

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
