import type { ModuleFiles } from '../files.ts'
import { UsageError } from '../usage-error.ts'

/** Every generated module names the command that writes it in its first lines. */
const mark = 'typehog endpoints pull'
const headLength = 1_000

/**
 * Keeps a pull from writing over a file that it did not write.
 *
 * @throws UsageError when the module's file has something else in it
 */
export function guardModule(files: ModuleFiles, text: string | undefined): void {
  if (text === undefined || text.trim() === '' || text.slice(0, headLength).includes(mark)) return
  throw new UsageError(
    `${files.module} exists and was not written by \`${mark}\`.`,
    'Name another file with --out, or pass --force to replace it.',
  )
}
