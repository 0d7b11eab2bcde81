import type { EndpointsConfig } from '../../shared/typehog-config.ts'
import { configDefaults } from '../config/defaults.ts'
import type { CheckOptions } from './check-command.ts'
import type { PullOptions } from './pull-command.ts'

/** Number of endpoints that are read concurrently by default. */
export const defaultConcurrency = 4

/** Options and endpoint names of `endpoints pull`: flags, then the configuration file, then defaults. */
export function pullSettings(
  section: EndpointsConfig = {},
  flags: Partial<PullOptions> = {},
  names: readonly string[] = [],
): { readonly names: readonly string[]; readonly options: PullOptions } {
  const { includeInactive } = section
  const options = {
    ...(includeInactive === undefined ? {} : { includeInactive }),
    ...flags,
    // Commander sets the flag `--no-registry` to true where it is absent.
    registry: flags.registry !== false && section.registry !== false,
    ...fileSettings(section, flags),
  }
  return { names: names.length > 0 ? names : (section.names ?? []), options }
}

/** Options of `endpoints check`: flags, then the configuration file, then defaults. */
export function checkSettings(
  section: EndpointsConfig = {},
  flags: Partial<CheckOptions> = {},
): CheckOptions {
  return { ...flags, ...fileSettings(section, flags) }
}

function fileSettings(
  section: EndpointsConfig,
  { out, concurrency }: Partial<CheckOptions>,
): Pick<CheckOptions, 'out' | 'concurrency'> {
  return {
    out: out ?? section.module ?? configDefaults.endpoints.module,
    concurrency: concurrency ?? defaultConcurrency,
  }
}
