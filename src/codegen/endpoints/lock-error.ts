/** A lock file that cannot be relied on. */
export class LockError extends Error {
  override readonly name = 'LockError' as const
  /** What to do about it. */
  readonly fix = 'Restore it from version control, or run `typehog endpoints pull` to write it anew.'

  constructor(file: string, pointer: string, problem: string) {
    super(pointer === '' ? `${file} ${problem}.` : `${file}: ${pointer} ${problem}.`)
  }
}
