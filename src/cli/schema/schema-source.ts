import { resolve } from 'node:path'
import { SchemaError } from '../../codegen/schema/schema-error.ts'
import { UsageError } from '../errors.ts'

/** Paths are taken from the working folder; addresses stay as they are. */
export function resolveSource(source: string, cwd: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(source) ? source : resolve(cwd, source)
}

/** Runs work on a source. What is wrong with a file is the user's to mend; what an address answers is a failure. */
export async function withUsageErrors<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SchemaError) || /^https?:/i.test(source)) throw error
    throw new UsageError(error.message.slice(0, -error.fix.length).trim(), error.fix, error)
  }
}
