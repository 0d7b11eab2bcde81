/** A mistake in a caller's HogQL: answered with 400, code `invalid_input`. */
export class HogqlError extends Error {
  override readonly name: string = 'HogqlError'
}
