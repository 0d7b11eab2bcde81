import { isObject } from '../../../shared/is-object.ts'
import { ApiError, bare, invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { ORGANIZATION } from '../../store/account.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { boolean, type Fields, integer, list, text } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { recordView, visibleFields } from '../../store/records.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { checkOrganization } from '../organizations/organizations.ts'
import { PROJECTS } from '../organizations/projects.ts'
import { pendingChanges, SCHEDULED_CHANGES } from '../scheduled-changes/scheduled-changes.ts'
import { allDependencies, planDependencies, remapDependencies } from './flag-dependencies.ts'
import { type FlagRecord, flagByKey } from './flag-record.ts'
import { changeFlag, createFlag, flags } from './flags.ts'

/** PostHog's limit for the target projects of one request. */
const MAX_TARGETS = 50

const SOURCE: Fields = {
  feature_flag_key: text({ required: true }),
  from_project: integer({ required: true }),
  target_project_ids: list({ required: true }),
}
const COPY: Fields = {
  ...SOURCE,
  copy_schedule: boolean({ default: false }),
  disable_copied_flag: boolean({ default: false }),
  copy_dependencies: boolean({ default: false }),
}
const PATH = 'organizations/:organization/feature_flags/copy_flags'

/** Routes that copy a flag to other projects. A copy updates the flag with the same key in a target project. */
export const copyFlagsRoutes: readonly Route[] = [
  actionRoute('POST', PATH, 'feature_flag:write', copyFlags),
  actionRoute('POST', `${PATH}/dependency_requirements`, 'feature_flag:write', dependencyRequirements),
]

async function copyFlags(call: Call): Promise<Response> {
  const { state } = call
  const { fields, source, targets, from } = readCopy(call, COPY)
  const withSchedule = fields['copy_schedule'] === true
  const dependencies = fields['copy_dependencies'] === true ? allDependencies(state, from, source) : []
  const success: JsonRecord[] = []
  const failed: JsonRecord[] = []
  for (const project of targets) {
    if (collectionOf(state, PROJECTS, ORGANIZATION.id).get(project) === undefined) {
      failed.push({ project_id: project, error_message: 'Project not found.' })
      continue
    }
    try {
      const target = { ...call, project }
      const { copied } = planDependencies(state, project, dependencies)
      const warnings: string[] = []
      for (const dependency of dependencies.filter(({ key }) => copied.includes(key))) {
        const copy = await copyTo(target, from, dependency, false)
        warnings.push(...copy.warnings)
        if (withSchedule && copy.warnings.length === 0) copySchedule(target, from, dependency, copy.flag)
      }
      const copy = await copyTo(target, from, source, fields['disable_copied_flag'] === true)
      if (withSchedule && copy.warnings.length === 0) copySchedule(target, from, source, copy.flag)
      success.push({
        ...(await recordView(flags, target, copy.flag)),
        team_id: project,
        ...(copy.warnings.length === 0 ? {} : { flag_dependency_warnings: copy.warnings }),
        ...(copied.length === 0 ? {} : { copied_dependency_keys: copied }),
        ...(warnings.length === 0 ? {} : { dependency_copy_warnings: warnings }),
      })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failed.push({ project_id: project, error_message: String(error.body['detail'] ?? error.body['error']) })
    }
  }
  return jsonResponse(200, { success, failed })
}

function dependencyRequirements(call: Call): Response {
  const { state } = call
  const { source, targets, from } = readCopy(call, SOURCE)
  try {
    const dependencies = allDependencies(state, from, source)
    const plans = targets
      .filter((project) => collectionOf(state, PROJECTS, ORGANIZATION.id).get(project) !== undefined)
      .map((project) => planDependencies(state, project, dependencies))
    const isReachable = plans.length === targets.length
    const inOrder = (isIn: (key: string) => boolean): string[] =>
      isReachable ? dependencies.map(({ key }) => key).filter(isIn) : []
    const copied = inOrder((key) => plans.some((plan) => plan.copied.includes(key)))
    const reused = inOrder((key) => plans.every((plan) => plan.reused.includes(key)) && !copied.includes(key))
    const found = [...new Set(plans.flatMap((plan) => plan.warnings))]
    const warnings = isReachable ? found : [...found, 'Project not found.']
    return jsonResponse(200, {
      can_copy_dependencies: copied.length > 0,
      dependency_count: dependencies.length,
      copied_dependency_keys: copied,
      reused_dependency_keys: reused,
      warnings: dependencies.length === 0 ? [] : warnings,
      reason: reasonOf(dependencies.length, isReachable, copied.length, warnings),
    })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const reason = String(error.body['error'])
    return jsonResponse(200, {
      can_copy_dependencies: false,
      dependency_count: 0,
      copied_dependency_keys: [],
      reused_dependency_keys: [],
      warnings: [reason],
      reason,
    })
  }
}

function reasonOf(all: number, isReachable: boolean, copied: number, warnings: readonly string[]): string {
  if (all === 0) return "This feature flag doesn't have dependencies to copy."
  if (!isReachable) return 'Project not found.'
  const [warning] = warnings
  if (copied > 0) {
    const reason = `${copied} dependency flag${copied === 1 ? '' : 's'} can be copied.`
    return warning === undefined ? reason : `${reason} Some dependencies will be left unchanged.`
  }
  const satisfied =
    "No dependency flags need to be copied because existing active target flags satisfy this flag's dependencies."
  return warning ?? satisfied
}

function readCopy(
  call: Call,
  schema: Fields,
): { fields: JsonRecord; source: FlagRecord; targets: number[]; from: number } {
  checkOrganization(call)
  const fields = readFields(schema, call.body)
  const targets = (fields['target_project_ids'] as unknown[]).map(Number)
  if (targets.length === 0) {
    throw invalid('target_project_ids', 'Ensure this field has at least 1 elements.', 'min_length')
  }
  if (targets.length > MAX_TARGETS) {
    const detail = `Ensure this field has no more than ${MAX_TARGETS} elements.`
    throw invalid('target_project_ids', detail, 'max_length')
  }
  const from = Number(fields['from_project'])
  const source = flagByKey(call.state, from, String(fields['feature_flag_key']))
  if (source === undefined) throw bare(400, 'Feature flag to copy does not exist.')
  return { fields, source, targets, from }
}

/** Copies the pending changes of a flag, except those that depend on flags that the target project lacks. */
function copySchedule(target: Call, from: number, source: FlagRecord, flag: FlagRecord): void {
  const { state, project } = target
  for (const change of pendingChanges({ state, project: from })) {
    if (change['record_id'] !== String(source.id)) continue
    const { id, payload, ...settings } = change
    const value = isObject(payload) && isObject(payload['value']) ? payload['value'] : {}
    const { filters, warnings } = remapDependencies(state, { project: from, filters: value }, project)
    if (warnings.length > 0) continue
    const copied = isObject(payload) && isObject(payload['value']) ? { ...payload, value: filters } : payload
    const record = { ...settings, payload: copied, record_id: String(flag.id) }
    collectionOf(state, SCHEDULED_CHANGES, project).add(record)
  }
}

async function copyTo(
  target: Call,
  from: number,
  source: FlagRecord,
  disabled: boolean,
): Promise<{ readonly flag: FlagRecord; readonly warnings: readonly string[] }> {
  const { tags, evaluation_contexts, archived, creation_context, ...settings } = visibleFields(flags, source)
  const { state, project } = target
  const { filters, warnings } = remapDependencies(state, { project: from, filters: source.filters }, project)
  // A condition that lost its dependency may match everybody.
  const off = disabled || warnings.length > 0 ? { active: false } : {}
  const copied = { ...settings, filters, analytics_dashboards: [], ...off }
  const existing = flagByKey(state, project, source.key)
  const flag =
    existing === undefined ? await createFlag(target, copied) : await changeFlag(target, existing, copied)
  return { flag, warnings }
}
