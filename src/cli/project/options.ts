import type { ProjectConfig } from '../../shared/typehog-config.ts'
import { configDefaults } from '../config/defaults.ts'

/** Number of events that are read concurrently by default. */
export const defaultConcurrency = 4

/** Options of both commands that always have a value. */
interface Settled {
  readonly out: string
  readonly concurrency: number
}

/** Options of `project pull` and `check`: flags, then the configuration file, then defaults. */
export function projectSettings<Flags extends Partial<Settled>>(
  section: ProjectConfig | undefined,
  flags: Flags,
): Omit<ProjectConfig, 'module'> & Flags & Settled {
  const { module, ...settings } = section ?? {}
  return {
    ...settings,
    ...flags,
    out: flags.out ?? module ?? configDefaults.project.module,
    concurrency: flags.concurrency ?? defaultConcurrency,
  }
}
