import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import { requireObject, requireText } from '../check-arguments.ts'
import { differingFields, includes, onlyOne } from '../ensure.ts'
import type { BodyOf, CallOptions, ListItem, Requester } from '../requester.ts'
import { type Change, type Revertible, revertible, type Undo, unchanged, undoChange } from '../revert.ts'
import { all, type Experiment, one } from './experiment.ts'

type Fields = Pick<
  BodyOf<`PATCH ${typeof one}`>,
  | 'description'
  | 'excluded_variants'
  | 'exposure_criteria'
  | 'holdout_id'
  | 'metrics'
  | 'metrics_secondary'
  | 'only_count_matured_users'
  | 'primary_metrics_ordered_uuids'
  | 'running_time_calculation'
  | 'scheduling_config'
  | 'secondary_metrics_ordered_uuids'
  | 'stats_config'
  | 'type'
>

/** The desired state of an experiment. Omitted fields stay unchanged. */
export interface ExperimentDefinition extends Fields {
  readonly name: string
  /** The flag of a new experiment. Change the flag of an existing one with `featureFlags.edit`. */
  readonly feature_flag?: BodyOf<`POST ${typeof all}`>['feature_flag']
}

const fieldNames: OptionNames<ExperimentDefinition> = {
  name: true,
  description: true,
  excluded_variants: true,
  exposure_criteria: true,
  feature_flag: true,
  holdout_id: true,
  metrics: true,
  metrics_secondary: true,
  only_count_matured_users: true,
  primary_metrics_ordered_uuids: true,
  running_time_calculation: true,
  scheduling_config: true,
  secondary_metrics_ordered_uuids: true,
  stats_config: true,
  type: true,
}

/** The result of `experiments.ensure`. */
export interface EnsuredExperiment {
  readonly experiment: Experiment
  /** Whether the experiment was created. */
  readonly created: boolean
  /** The fields that differed. */
  readonly changes: Partial<Omit<ExperimentDefinition, 'feature_flag'>>
}

/** Creates an experiment on a feature flag, or updates the fields that differ if the flag has one. */
export async function ensureExperiment(
  api: Requester,
  key: string,
  definition: ExperimentDefinition,
  options: CallOptions = {},
): Promise<EnsuredExperiment & Revertible<Experiment>> {
  requireText('key', key)
  requireObject('definition', definition)
  rejectUnknownOptions('ensure', definition, fieldNames)
  const { feature_flag, ...fields } = definition
  requireText('name', fields.name)
  const found = onlyOne(await experimentsOf(api, key, options), `experiments on the flag "${key}"`)
  if (found === undefined) {
    const settings = feature_flag === undefined ? {} : { feature_flag }
    const body = { ...fields, ...settings, feature_flag_key: key }
    const experiment = await api.request(`POST ${all}`, { body }, options)
    const content = Object.keys(fieldNames)
    return revertible(
      { experiment, created: true, changes: {} },
      undoWrite(api, undefined, experiment, content),
    )
  }
  const path = { id: found.id }
  // Lists omit metrics and settings.
  const experiment = await api.request(`GET ${one}`, { path }, options)
  if (feature_flag !== undefined && !includes(experiment.feature_flag, feature_flag)) {
    throw new ConfigurationError({
      message: `The flag "${key}" of the experiment ${found.id} differs from \`feature_flag\`.`,
      fix: 'Change it with `featureFlags.edit`, or omit `feature_flag`. Nothing was changed.',
    })
  }
  const changes = differingFields(experiment, fields)
  const changedFields = Object.keys(changes)
  if (changedFields.length === 0) return unchanged({ experiment, created: false, changes }, experiment)
  const changed = await api.request(`PATCH ${one}`, { path, body: changes }, options)
  return revertible(
    { experiment: changed, created: false, changes },
    undoWrite(api, experiment, changed, changedFields),
  )
}

/** The time of the last change shows whether someone changed an experiment since. */
function undoWrite(
  api: Requester,
  before: Experiment | undefined,
  after: Experiment,
  fields: readonly string[],
): Undo<Experiment> {
  const path = { id: after.id }
  const change: Change<Experiment> = {
    name: `The experiment ${after.id}`,
    route: `PATCH ${one}`,
    before,
    after,
    fields,
    version: ({ updated_at }) => `the state of ${updated_at}`,
    read: (options) => api.request(`GET ${one}`, { path }, options),
    write: (body, options) => api.request(`PATCH ${one}`, { path, body }, options),
  }
  return (options) => undoChange(change, options)
}

/** Experiments on a flag, archived ones included. */
async function experimentsOf(
  api: Requester,
  key: string,
  options: CallOptions,
): Promise<ListItem<`GET ${typeof all}`>[]> {
  const found: ListItem<`GET ${typeof all}`>[] = []
  for (const archived of [false, true]) {
    for await (const experiment of api.list(`GET ${all}`, { query: { archived } }, options)) {
      if (experiment.feature_flag_key === key) found.push(experiment)
    }
  }
  return found
}
