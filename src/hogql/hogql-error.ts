/** An error in a caller's HogQL. The response is a 400 with code `invalid_input`. */
export class HogqlError extends Error {
  override readonly name: string = 'HogqlError'
  /** Where the fault is in the query text: UTF-16 offsets, `end` exclusive. */
  readonly start: number | undefined
  readonly end: number | undefined

  constructor(message: string, span?: { readonly start: number; readonly end: number }) {
    super(message)
    this.start = span?.start
    this.end = span?.end
  }

  /** The same error at another place of the text. */
  at(span: { readonly start: number; readonly end: number }): HogqlError {
    return new HogqlError(this.message, span)
  }
}

/** HogQL that PostHog would run and the local PostHog cannot. The response is a 501. */
export class NotLocalError extends HogqlError {
  override readonly name: string = 'NotLocalError'
  readonly missing: string

  /** @param missing What is missing, such as `SAMPLE by a number of rows`. */
  constructor(missing: string, span?: { readonly start: number; readonly end: number }) {
    super(`The local PostHog does not support ${missing}`, span)
    this.missing = missing
  }

  override at(span: { readonly start: number; readonly end: number }): NotLocalError {
    return new NotLocalError(this.missing, span)
  }
}
