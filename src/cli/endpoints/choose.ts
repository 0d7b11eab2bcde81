import type { ListedEndpoint } from '../../codegen/endpoints/describe-endpoint.ts'
import { byCodeUnit } from '../../codegen/endpoints/identifier.ts'
import { suggestion } from '../did-you-mean.ts'
import { UsageError } from '../usage-error.ts'

/** Which endpoints a pull takes, and those it leaves out because they are switched off. */
export interface Choice {
  readonly chosen: readonly ListedEndpoint[]
  readonly inactive: readonly string[]
}

/**
 * The endpoints that were named, or all of them, in the order of their names.
 *
 * @throws UsageError when a name does not exist, or is inactive without `includeInactive`
 */
export function chooseEndpoints(
  all: readonly ListedEndpoint[],
  names: readonly string[],
  includeInactive: boolean,
): Choice {
  // A page may shift while it is read, and show an endpoint twice.
  const byName = new Map(all.map((endpoint) => [endpoint.name, endpoint]))
  const known = [...byName.keys()].sort(byCodeUnit)
  for (const name of names) {
    const endpoint = byName.get(name)
    if (endpoint === undefined) {
      throw new UsageError(`There is no endpoint "${name}" in this project.`, suggestion(name, known))
    }
    if (!endpoint.isActive && !includeInactive) {
      throw new UsageError(
        `Endpoint "${name}" is inactive: it cannot be run.`,
        'Switch it on in PostHog, or pass --include-inactive.',
      )
    }
  }
  const wanted = known
    .filter((name) => names.length === 0 || names.includes(name))
    .flatMap((name) => byName.get(name) ?? [])
  const isChosen = ({ isActive }: ListedEndpoint): boolean => isActive || includeInactive
  return {
    chosen: wanted.filter(isChosen),
    inactive: wanted.filter((endpoint) => !isChosen(endpoint)).map(({ name }) => name),
  }
}
