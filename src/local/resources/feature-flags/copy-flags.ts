import { ApiError, bare, invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { bodyObject } from '../../store/read-fields.ts'
import { recordView, visibleFields } from '../../store/records.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { checkOrganization } from '../organizations/organizations.ts'
import { type FlagRecord, flagByKey } from './flag-record.ts'
import { changeFlag, createFlag, flags } from './flags.ts'

/** PostHog's limit for the target projects of one request. */
const MAX_TARGETS = 50

/** Copies a flag to other projects. Updates flags with the same key in a target project. */
export const copyFlagsRoute: Route = actionRoute(
  'POST',
  'organizations/:organization/feature_flags/copy_flags',
  'feature_flag:write',
  copyFlags,
)

async function copyFlags(call: Call): Promise<Response> {
  checkOrganization(call)
  const { state, body } = call
  const fields = bodyObject(body)
  const { feature_flag_key: key, from_project: from, target_project_ids: targets } = fields
  if (!key || !from || !Array.isArray(targets) || targets.length === 0) {
    throw bare(400, 'Missing required fields')
  }
  if (targets.length > MAX_TARGETS) {
    throw invalid('target_project_ids', `At most ${MAX_TARGETS} projects.`, 'max_length')
  }
  const source = flagByKey(state, Number(from), String(key))
  if (source === undefined) throw bare(400, 'Feature flag to copy does not exist.')
  const success: object[] = []
  const failed: object[] = []
  for (const project of targets.map(Number)) {
    if (!state.projects.includes(project)) {
      failed.push({ project_id: project, errors: 'Project not found.' })
      continue
    }
    try {
      const target = { ...call, project }
      const copy = await copyTo(target, source, fields['disable_copied_flag'] === true)
      success.push({ ...(await recordView(flags, target, copy)), team_id: project })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failed.push({ project_id: project, errors: error.body })
    }
  }
  return jsonResponse(200, { success, failed })
}

function copyTo(target: Call, source: FlagRecord, disabled: boolean): Promise<FlagRecord> {
  const { tags, evaluation_contexts, archived, creation_context, ...settings } = visibleFields(flags, source)
  const copied = { ...settings, analytics_dashboards: [], ...(disabled ? { active: false } : {}) }
  const existing = flagByKey(target.state, target.project, source.key)
  return existing === undefined ? createFlag(target, copied) : changeFlag(target, existing, copied)
}
