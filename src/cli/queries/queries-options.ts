import { configDefaults } from '../config/defaults.ts'
import { type ModuleFiles, moduleFiles } from '../module-files.ts'

/** Options that `queries pull` and `queries check` share: the section `queries` of the configuration, and flags. */
export interface QueriesOptions {
  /** Patterns of `.sql` files. Default: `queries/**\/*.sql`. */
  readonly files?: readonly string[]
  /** The generated module. Default: `posthog.queries.ts`. */
  readonly module?: string
  /** Default: the module with the extension `.lock.json`. */
  readonly lock?: string
  /** Patterns of TypeScript files with `hogql` literals and with code that uses the module. Default: none. */
  readonly source?: readonly string[]
}

/** The module and the lock file of the options. */
export function queriesFiles(
  cwd: string,
  { module = configDefaults.queries.module, lock }: QueriesOptions,
): ModuleFiles {
  return moduleFiles(cwd, { out: module, ...(lock === undefined ? {} : { lock }) })
}
