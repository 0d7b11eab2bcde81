import { isObject } from '../shared/is-object.ts'

/** An invalid lock file. */
export class LockError extends Error {
  override readonly name = 'LockError' as const
  /** What to do, in one sentence. */
  readonly fix: string

  /**
   * @param pointer JSON pointer to the invalid part; empty for the whole file
   * @param command the command that writes the file, such as `typehog endpoints pull`
   */
  constructor(file: string, pointer: string, problem: string, command: string) {
    super(pointer === '' ? `${file} ${problem}.` : `${file}: ${pointer} ${problem}.`)
    this.fix = `Restore it from version control, or run \`${command}\` to recreate it.`
  }
}

/** Throws a `LockError` for a part of a lock file. */
export type FailLock = (pointer: string, problem: string) => never

/** Returns a function that throws the errors of one lock file. */
export function lockFailure(file: string, command: string): FailLock {
  return (pointer, problem) => {
    throw new LockError(file, pointer, problem, command)
  }
}

/**
 * Parses the JSON object of a lock file with `lockfileVersion` 1.
 *
 * @throws LockError when the file has merge conflicts, is not such an object, or has another version
 */
export function parseLockObject(text: string, fail: FailLock): Readonly<Record<string, unknown>> {
  if (/^(?:<{7}|>{7}|={7})(?: |$)/m.test(text)) return fail('', 'has unresolved merge conflicts')
  let lock: unknown
  try {
    lock = JSON.parse(text)
  } catch (error) {
    return fail('', `is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  if (!isObject(lock)) return fail('', 'is not a JSON object')
  if (lock['lockfileVersion'] !== 1) return fail('/lockfileVersion', 'is not 1, the only supported version')
  return lock
}
