import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectNameKind, TypehogConfig } from '../../shared/typehog-config.ts'
import { areas } from '../areas.ts'
import { configDefaults } from '../config/defaults.ts'
import { formatCount } from '../output/text.ts'
import type { Inventory, InventoryKind } from './inventory.ts'

/** A section that `init` can write. */
export interface Proposal {
  readonly area: keyof TypehogConfig
  /** What the area contains, for the question. */
  readonly detail: string
  readonly section: NonNullable<TypehogConfig['endpoints' | 'queries' | 'project' | 'schema']>
  /** Whether it is written unless the user chooses otherwise. */
  readonly selected: boolean
}

/** Singular and plural of each kind. */
const nouns: Readonly<Record<InventoryKind, readonly [one: string, many: string]>> = {
  endpoints: ['endpoint', 'endpoints'],
  events: ['event', 'events'],
  featureFlags: ['feature flag', 'feature flags'],
  cohorts: ['cohort', 'cohorts'],
  groups: ['group type', 'group types'],
  variables: ['variable', 'variables'],
}
const nameKinds: readonly ProjectNameKind[] = ['events', 'featureFlags', 'cohorts', 'groups', 'variables']

/** Proposes a section for each area, by what the project has and by the files in the folder. */
export async function proposeSections(
  { counts, unreadable }: Inventory,
  folder: string,
): Promise<readonly Proposal[]> {
  const describe = (kinds: readonly InventoryKind[]): string =>
    kinds
      .map((kind) => {
        if (unreadable.has(kind)) return `${nouns[kind][1]} unknown`
        const count = counts.get(kind) ?? 0
        return formatCount(count, ...nouns[kind])
      })
      .join(', ')
  const queries = await countQueries(folder)
  const all: readonly Proposal[] = [
    {
      area: 'endpoints',
      detail: describe(['endpoints']),
      section: configDefaults.endpoints,
      selected: (counts.get('endpoints') ?? 0) > 0,
    },
    {
      area: 'queries',
      detail: `${formatCount(queries, '.sql file')} below queries`,
      section: { files: configDefaults.queries.files, module: configDefaults.queries.module },
      selected: queries > 0,
    },
    {
      area: 'project',
      detail: describe(nameKinds),
      section: { module: configDefaults.project.module },
      selected: nameKinds.some((kind) => (counts.get(kind) ?? 0) > 0),
    },
    {
      area: 'schema',
      detail: "types of your server's own operations; needs the package @hey-api/openapi-ts",
      section: configDefaults.schema,
      selected: false,
    },
  ]
  return all.filter(({ area }) => areas.some(({ name }) => name === area))
}

async function countQueries(folder: string): Promise<number> {
  const files = await readdir(join(folder, 'queries'), { recursive: true }).catch(() => [])
  return files.filter((file) => file.endsWith('.sql')).length
}
