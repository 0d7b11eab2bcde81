import type { ServerState } from '../../server-state.ts'
import { variantsOf } from '../feature-flags/flag-filters.ts'
import type { FlagRecord } from '../feature-flags/flag-record.ts'
import { readProperties } from '../persons/person-table.ts'
import type { ExperimentOfQuery } from './experiment-of-query.ts'

/** When a person first met a variant. */
export interface Exposure {
  readonly person: string
  readonly variant: string
  /** Milliseconds. */
  readonly at: number
}

/** The variants that an experiment compares; the first is the baseline. */
export function experimentVariants(flag: FlagRecord | undefined, exposures: readonly Exposure[]): string[] {
  const defined = flag === undefined ? [] : variantsOf(flag.filters).map((variant) => variant.key)
  const keys = defined.length > 0 ? defined : [...new Set(exposures.map((one) => one.variant))].sort()
  return keys.includes('control') ? ['control', ...keys.filter((key) => key !== 'control')] : keys
}

/**
 * Persons with the variant of the flag that their events name: the answer in `$feature_flag_called`, or the flag's
 * property on any event. Who met several variants is left out.
 */
export async function readExposures(
  world: Pick<ServerState, 'engine'>,
  experiment: ExperimentOfQuery,
): Promise<Exposure[]> {
  const { flagKey } = experiment
  const { rows } = await world.engine.query(
    `SELECT toString(person_id), event, toUnixTimestamp64Milli(timestamp), properties
     FROM ${world.engine.database}.events
     WHERE (event = '$feature_flag_called' AND JSONExtractString(properties, '$feature_flag') = {key:String})
     OR JSONHas(properties, {property:String}) ORDER BY timestamp`,
    { key: flagKey, property: `$feature/${flagKey}` },
  )
  const first = new Map<string, Exposure>()
  const several = new Set<string>()
  for (const [person, event, time, cell] of rows) {
    const properties = readProperties(cell)
    const isCall = event === '$feature_flag_called' && properties['$feature_flag'] === flagKey
    const value = properties[isCall ? '$feature_flag_response' : `$feature/${flagKey}`]
    const at = Number(time)
    if (value === undefined || value === null || value === false || !isInside(experiment, at)) continue
    const id = String(person)
    const known = first.get(id)
    if (known === undefined) first.set(id, { person: id, variant: String(value), at })
    else if (known.variant !== String(value)) several.add(id)
  }
  return [...first.values()].filter(({ person }) => !several.has(person))
}

/** Whether a moment is within the run of an experiment. */
export function isInside({ start, end }: ExperimentOfQuery, at: number): boolean {
  return (!start || at >= Date.parse(start)) && (!end || at <= Date.parse(end))
}
