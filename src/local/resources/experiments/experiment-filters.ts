import { isObject } from '../../../shared/is-object.ts'
import { member } from '../../http/json.ts'
import { listParameter } from '../../http/parameters.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { USER } from '../../store/account.ts'
import type { StoredRecord } from '../../store/collection.ts'
import { normalizeTags } from '../../store/fields.ts'
import { flagById } from '../feature-flags/flag-record.ts'
import { metricsOf, shownStatus } from './experiment-status.ts'

type ExperimentFilter = (experiment: StoredRecord, value: string, state: ServerState) => boolean

/** Query parameters of the list. Source: PostHog/posthog products/experiments/backend/presentation/views.py. */
const FILTERS: Readonly<Record<string, ExperimentFilter>> = {
  status: (experiment, value, state) => {
    if (value === 'all') return true
    return statusIn(state, experiment) === (value === 'complete' ? 'stopped' : value)
  },
  feature_flag_id: (experiment, value) => String(experiment['flag']) === value,
  created_by_id: (_, value) => value === String(USER.id),
  event: (experiment, value) => metricsOf(experiment).some((metric) => usesEvent(metric, value)),
  prompt_name: (experiment, value) =>
    member(member(experiment['parameters'], 'prompt_metadata'), 'name') === value,
  tags: (experiment, value) => listParameter(value).some((tag) => tagsOf(experiment).includes(tag)),
  excluded_tags: (experiment, value) => !listParameter(value).some((tag) => tagsOf(experiment).includes(tag)),
}

const DAY_MS = 86_400_000

/** Fields that the list can be ordered by. */
const ORDERS: Readonly<Record<string, (experiment: StoredRecord, state: ServerState) => string | number>> = {
  name: (experiment) => String(experiment['name']).toLowerCase(),
  created_at: (experiment) => timeOf(experiment['created_at']),
  updated_at: (experiment) => timeOf(experiment['updated_at']),
  start_date: (experiment) => timeOf(experiment['start_date']),
  end_date: (experiment) => timeOf(experiment['end_date']),
  duration: ({ start_date, end_date }, state) => {
    if (typeof start_date !== 'string') return 0
    const end = typeof end_date === 'string' ? timeOf(end_date) : state.now().getTime()
    return Math.floor((end - timeOf(start_date)) / DAY_MS)
  },
  status: (experiment, state) => statusIn(state, experiment),
}

/** Filters and orders a list of experiments by its query parameters. Archived ones are listed with `archived=true`. */
export function filterExperiments(
  { url, state }: Call,
  records: readonly StoredRecord[],
): readonly StoredRecord[] {
  const archived = url.searchParams.get('archived')?.toLowerCase() === 'true'
  const given = [...url.searchParams].filter(([name, value]) => value !== '' && Object.hasOwn(FILTERS, name))
  const found = records
    .filter((experiment) => (experiment['archived'] === true) === archived)
    .filter((experiment) => given.every(([name, value]) => FILTERS[name]?.(experiment, value, state)))
  const order = url.searchParams.get('order') ?? ''
  const keyOf = ORDERS[order.replace(/^-/, '')]
  if (keyOf === undefined) return found
  const sign = order.startsWith('-') ? -1 : 1
  return [...found].sort((one, other) => {
    const [a, b] = [keyOf(one, state), keyOf(other, state)]
    return a === b ? 0 : a < b ? -sign : sign
  })
}

function statusIn(state: ServerState, experiment: StoredRecord): string {
  return shownStatus(experiment, flagById(state, state.projectId, experiment['flag']))
}

function tagsOf(experiment: StoredRecord): string[] {
  return normalizeTags(experiment['tags'])
}

function timeOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : 0
}

function usesEvent(value: unknown, event: string): boolean {
  if (Array.isArray(value)) return value.some((item) => usesEvent(item, event))
  if (!isObject(value)) return false
  return value['event'] === event || Object.values(value).some((part) => usesEvent(part, event))
}
