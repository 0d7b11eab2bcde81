import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { boolean, choice, type Fields, text } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { changeRecord, findRecord } from '../../store/records.ts'
import { actionRoute, recordResponse } from '../../store/resource-routes.ts'
import { type FlagRecord, flagById } from '../feature-flags/flag-record.ts'
import { changeFlag } from '../feature-flags/flags.ts'
import { archiveFlag, unarchiveFlag } from './archive-flag.ts'
import { shippedFilters, variantsOf } from './experiment-flag.ts'
import { statusOf } from './experiment-status.ts'
import { CONCLUSIONS, experiments } from './experiments.ts'
import { removeFreeze } from './freeze-exposure.ts'

const END: Fields = {
  conclusion: choice(CONCLUSIONS, { nullable: true }),
  conclusion_comment: text({ nullable: true, blank: true }),
}
const SHIP: Fields = {
  variant_key: text({ required: true }),
  release_to_everyone: boolean({ default: false }),
  ...END,
}
const ARCHIVE: Fields = { disable_feature_flag: boolean({ default: false }) }

/** Validates an action and returns the changed fields of the experiment. */
type ExperimentAction = (
  call: Call,
  experiment: StoredRecord,
  flag: FlagRecord,
) => JsonRecord | Promise<JsonRecord>

const ACTIONS: Readonly<Record<string, ExperimentAction>> = {
  archive,
  unarchive,
  launch,
  end,
  pause,
  resume,
  reset,
  ship_variant: shipVariant,
}

/** Actions such as launch and end. Each gets 400 when the experiment's status does not allow it. */
export const experimentActionRoutes: readonly Route[] = Object.entries(ACTIONS).map(([name, action]) =>
  actionRoute('POST', `${experiments.path}/:id/${name}`, 'experiment:write', async (call) => {
    const experiment = findRecord(experiments, call)
    const flag = flagById(call.state, call.state.projectId, experiment['flag'])
    if (flag === undefined) throw invalid(null, 'The feature flag of this experiment was deleted')
    const changed = await action(call, experiment, flag)
    return recordResponse(experiments, call, await changeRecord(experiments, call, experiment, changed))
  }),
)

async function archive(call: Call, experiment: StoredRecord, flag: FlagRecord): Promise<JsonRecord> {
  const disable = readFields(ARCHIVE, call.body)['disable_feature_flag'] === true
  if (experiment['archived'] === true) throw invalid(null, 'Experiment is already archived.')
  if (statusOf(experiment) !== 'stopped') {
    throw invalid(null, 'Experiment must be ended before it can be archived.')
  }
  return { archived: true, ...(await archiveFlag(call, experiment, flag, disable)) }
}

async function unarchive(call: Call, experiment: StoredRecord, flag: FlagRecord): Promise<JsonRecord> {
  if (experiment['archived'] !== true) throw invalid(null, 'Experiment is not archived.')
  return { archived: false, ...(await unarchiveFlag(call, experiment, flag)) }
}

async function launch(call: Call, experiment: StoredRecord, flag: FlagRecord): Promise<JsonRecord> {
  if (statusOf(experiment) !== 'draft') throw invalid(null, 'Experiment has already been launched.')
  if (experiment['archived'] === true) throw invalid(null, 'An archived experiment cannot be launched.')
  await changeFlag(call, flag, { active: true })
  return { start_date: call.state.now().toISOString() }
}

function end(call: Call, experiment: StoredRecord): JsonRecord {
  assertRunning(experiment)
  rejectCleanup(call)
  return endFields(call, readFields(END, call.body))
}

async function pause(call: Call, experiment: StoredRecord, flag: FlagRecord): Promise<JsonRecord> {
  assertRunning(experiment)
  if (!flag.active) throw invalid(null, 'Experiment is already paused.')
  await changeFlag(call, flag, { active: false })
  return {}
}

async function resume(call: Call, experiment: StoredRecord, flag: FlagRecord): Promise<JsonRecord> {
  assertRunning(experiment)
  if (flag.active) throw invalid(null, 'Experiment is not paused.')
  await changeFlag(call, flag, { active: true })
  return {}
}

// The experiment becomes a draft again. Its flag keeps serving the variants, without a freeze.
async function reset(call: Call, experiment: StoredRecord, flag: FlagRecord): Promise<JsonRecord> {
  if (statusOf(experiment) === 'draft') throw invalid(null, 'Experiment is already in draft state.')
  await removeFreeze(call, flag)
  return { start_date: null, end_date: null, archived: false, conclusion: null, conclusion_comment: null }
}

async function shipVariant(call: Call, experiment: StoredRecord, flag: FlagRecord): Promise<JsonRecord> {
  const { variant_key: key, release_to_everyone: everyone, ...conclusion } = readFields(SHIP, call.body)
  rejectCleanup(call)
  const status = statusOf(experiment)
  if (status === 'draft') throw invalid(null, 'Experiment has not been launched yet.')
  if (!variantsOf(flag).some((variant) => variant['key'] === key)) {
    throw invalid(null, `Variant '${String(key)}' not found on feature flag.`)
  }
  const open = await removeFreeze(call, flag)
  await changeFlag(call, open, {
    filters: shippedFilters(open, String(key), everyone === true),
  })
  const given = Object.fromEntries(Object.entries(conclusion).filter(([, value]) => value !== null))
  return status === 'running' ? endFields(call, given) : given
}

/** Rejects pull requests that remove the flag from code: an AI agent writes them. */
function rejectCleanup({ body }: Call): void {
  if (member(body, 'open_cleanup_pr') !== true) return
  throw invalid('open_cleanup_pr', 'The local PostHog has no AI and does not support open_cleanup_pr.')
}

function assertRunning(experiment: StoredRecord): void {
  const status = statusOf(experiment)
  if (status === 'draft') throw invalid(null, 'Experiment has not been launched yet.')
  if (status === 'stopped') throw invalid(null, 'Experiment has already ended.')
}

function endFields({ state }: Call, given: JsonRecord): JsonRecord {
  return { end_date: state.now().toISOString(), ...given }
}
