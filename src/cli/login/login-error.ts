/** A login that PostHog or the user did not complete. Exit code 3. */
export class LoginError extends Error {
  override readonly name = 'LoginError'
  /** What to do, in one sentence. */
  readonly fix: string

  constructor(message: string, fix: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.fix = fix
  }
}
