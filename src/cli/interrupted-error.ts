/** Why everything under way is aborted when the user presses Ctrl-C. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'

  constructor() {
    super('Interrupted.')
  }
}
