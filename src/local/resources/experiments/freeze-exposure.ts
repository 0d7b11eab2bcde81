import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { changeRecord, createRecord, findRecord } from '../../store/records.ts'
import { actionRoute, recordResponse } from '../../store/resource-routes.ts'
import { cohorts } from '../cohorts/cohorts.ts'
import { COHORTS } from '../cohorts/membership.ts'
import { type FlagRecord, flagById } from '../feature-flags/flag-record.ts'
import { changeFlag } from '../feature-flags/flags.ts'
import { exposedPersons, findExperimentPeriod } from './experiment-events.ts'
import { freezeBlocker, groupsOf, shownStatus } from './experiment-status.ts'
import { experiments } from './experiments.ts'

/** PostHog puts this before the description of each condition group that it freezes. */
const MARKER = 'Added automatically when the experiment exposure was frozen to stop new enrollment.'

/**
 * Freezes and unfreezes the exposure of an experiment: a static cohort of the exposed persons, and a condition on it in
 * every condition group of the flag. Source: PostHog/posthog products/experiments/backend/experiment_service.py.
 */
export const freezeRoutes: readonly Route[] = [
  actionRoute('POST', `${experiments.path}/:id/freeze_exposure`, 'experiment:write', freeze),
  actionRoute('POST', `${experiments.path}/:id/unfreeze_exposure`, 'experiment:write', unfreeze),
]

async function freeze(call: Call): Promise<Response> {
  const { state } = call
  const experiment = findRecord(experiments, call)
  const flag = flagById(state, state.projectId, experiment['flag'])
  const blocker = freezeBlocker(experiment, flag)
  const period = findExperimentPeriod(state, state.projectId, Number(experiment.id))
  if (blocker !== undefined || flag === undefined || period === undefined) throw invalid(null, blocker ?? '')
  const persons = await exposedPersons(state, period)
  if (persons.length === 0) {
    throw invalid(null, 'No users have been exposed to this experiment yet, so there is nothing to freeze.')
  }
  const cohort = await createRecord(cohorts, call, {
    name: `Exposure snapshot for experiment "${String(experiment['name'])}"`,
    is_static: true,
    _create_static_person_ids: persons,
  })
  const groups = groupsOf(flag).map((group) => frozen(group, cohort.id))
  await changeFlag(call, flag, { filters: { ...flag.filters, groups } })
  return recordResponse(
    experiments,
    call,
    await changeRecord(experiments, call, experiment, {}, 'exposure_frozen'),
  )
}

async function unfreeze(call: Call): Promise<Response> {
  const { state } = call
  const experiment = findRecord(experiments, call)
  const flag = flagById(state, state.projectId, experiment['flag'])
  const status = shownStatus(experiment, flag)
  if (status === 'draft') throw invalid(null, 'Experiment has not been launched yet.')
  if (status === 'stopped') throw invalid(null, 'Experiment has already ended.')
  if (status !== 'exposure_frozen' || flag === undefined) {
    throw invalid(null, 'Experiment exposure is not frozen.')
  }
  await removeFreeze(call, flag)
  return recordResponse(
    experiments,
    call,
    await changeRecord(experiments, call, experiment, {}, 'exposure_unfrozen'),
  )
}

/** Removes what a freeze added to a flag, deletes the cohort of the freeze, and returns the flag. */
export async function removeFreeze(call: Call, flag: FlagRecord): Promise<FlagRecord> {
  const groups = groupsOf(flag)
  const snapshots = new Set(groups.flatMap((group) => group['exposure_frozen_cohort'] ?? []))
  if (snapshots.size === 0) return flag
  const filters = { ...flag.filters, groups: groups.map(unfrozen) }
  const changed = await changeFlag(call, flag, { filters })
  for (const id of snapshots) {
    const cohort = collectionOf(call.state, COHORTS).get(id)
    if (cohort?.deleted === false) await changeRecord(cohorts, call, cohort, { deleted: true })
  }
  return changed
}

function frozen(group: JsonRecord, cohort: number): JsonRecord {
  const { properties, description } = group
  const condition = { key: 'id', type: 'cohort', value: cohort, operator: 'in' }
  return {
    ...group,
    properties: [...(Array.isArray(properties) ? properties : []), condition],
    description: typeof description === 'string' && description !== '' ? `${MARKER} ${description}` : MARKER,
    exposure_frozen: true,
    exposure_frozen_cohort: cohort,
  }
}

function unfrozen(group: JsonRecord): JsonRecord {
  const { exposure_frozen, exposure_frozen_cohort: cohort, description, ...rest } = group
  if (exposure_frozen !== true) return group
  const { properties } = rest
  const kept = (Array.isArray(properties) ? properties : []).filter(
    (property) => !(isObject(property) && property['type'] === 'cohort' && property['value'] === cohort),
  )
  const own = String(description ?? '')
    .replace(MARKER, '')
    .trim()
  return { ...rest, properties: kept, ...(own === '' ? {} : { description: own }) }
}
