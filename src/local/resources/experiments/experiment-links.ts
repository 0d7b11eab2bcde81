import type { DataLinks } from '../../local-data.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type StoredRecord } from '../../store/collection.ts'
import { EXPERIMENTS } from '../../store/kinds.ts'

/** What feature flags and queries want to know of experiments. */
export function experimentLinks(world: () => ServerState): Pick<DataLinks, 'experiment' | 'experimentsOn'> {
  const all = (project: number): readonly StoredRecord[] => collectionOf(world(), EXPERIMENTS, project).all()
  const time = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    experiment: (project, id) => {
      const found = all(project).find((experiment) => experiment.id === id)
      if (found === undefined) return undefined
      const { feature_flag_key, start_date, end_date } = found
      return { flagKey: String(feature_flag_key), start: time(start_date), end: time(end_date) }
    },
    experimentsOn: (flag) =>
      all(flag.project)
        .filter((experiment) => experiment['flag'] === flag.id && experiment['deleted'] !== true)
        .map(({ id, name, start_date, end_date }) => ({
          id: Number(id),
          name: String(name),
          is_running: time(start_date) !== null && time(end_date) === null,
        })),
  }
}
