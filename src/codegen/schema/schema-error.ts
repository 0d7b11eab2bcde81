/** Where and why a document was refused, and what to do about it. */
export interface SchemaErrorDetails {
  /** File name or address the document came from. */
  readonly source: string
  /** Line and column, or a JSON pointer; left out when the whole document is meant. */
  readonly place?: string
  /** What happened and what was expected, as one sentence. */
  readonly problem: string
  /** What the reader can do, as one sentence. */
  readonly fix: string
  readonly cause?: unknown
}

/**
 * A schema document or overlay that cannot be used.
 *
 * @example
 * try { await loadDocument('https://us.posthog.com', io) } catch (error) {
 *   if (error instanceof SchemaError) console.error(error.source, error.place, error.fix)
 * }
 */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  readonly source: string
  readonly place: string | undefined
  readonly fix: string

  constructor(details: SchemaErrorDetails) {
    const place = details.place === undefined ? '' : ` at ${details.place}`
    super(
      `${details.source}${place}: ${details.problem} ${details.fix}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.source = details.source
    this.place = details.place
    this.fix = details.fix
  }
}
