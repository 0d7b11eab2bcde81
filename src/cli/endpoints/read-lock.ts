import { type EndpointsLock, parseLock } from '../../codegen/endpoints/lock.ts'
import { UsageError } from '../usage-error.ts'

/**
 * Reads a lock's text.
 *
 * @throws UsageError when it is no lock; `fix` says what to do, since that depends on the command
 */
export function readLock(text: string, file: string, fix: string): EndpointsLock {
  try {
    return parseLock(text, file)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), fix, error)
  }
}
