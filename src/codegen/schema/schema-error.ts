/** The parts of a `SchemaError`. */
export interface SchemaErrorDetails {
  /** File name, host or URL of the document. */
  readonly source: string
  /** Line and column, or a JSON pointer. Absent when the error concerns the entire document. */
  readonly place?: string
  /** What happened and what was expected, in one sentence. */
  readonly problem: string
  /** What the user can do, in one sentence. */
  readonly fix: string
  readonly cause?: unknown
}

/**
 * An unusable OpenAPI document or overlay.
 *
 * @example
 * try { await loadDocument('https://us.posthog.com', { download }) } catch (error) {
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
