import { ApiError, bare, invalid } from '../../http/api-error.ts'
import { fieldsOf } from '../../http/fields.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { checkOrganization } from '../projects/organization-in-path.ts'
import type { FlagRecord } from './flag-record.ts'
import { flagView } from './flag-view.ts'
import { createFlag, updateFlag } from './save-flag.ts'

/** POST: the flag of one project becomes that of others; a flag that has its key there is changed. */
export async function copyFlags(call: Call): Promise<Response> {
  checkOrganization(call)
  const { world, body } = call
  const fields = fieldsOf(body)
  const { feature_flag_key: key, from_project: from, target_project_ids: targets } = fields
  if (!key || !from || !Array.isArray(targets) || targets.length === 0) {
    throw bare(400, 'Missing required fields')
  }
  if (targets.length > 50) throw invalid('target_project_ids', 'At most 50 projects.', 'max_length')
  const source = flagOf(world, Number(from), String(key))
  if (source === undefined) throw bare(400, 'Feature flag to copy does not exist.')
  const success: object[] = []
  const failed: object[] = []
  for (const target of targets.map(Number)) {
    if (!world.projects.includes(target)) {
      failed.push({ project_id: target, errors: 'Project not found.' })
      continue
    }
    try {
      const copy = await copyTo(world, source, target, fields['disable_copied_flag'] === true)
      success.push({ ...flagView(world, copy), team_id: target })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failed.push({ project_id: target, errors: error.body })
    }
  }
  return jsonResponse(200, { success, failed })
}

async function copyTo(
  world: ServerState,
  { settings }: FlagRecord,
  target: number,
  disabled: boolean,
): Promise<FlagRecord> {
  const { tags: _tags, evaluation_contexts: _contexts, archived: _archived, ...rest } = settings
  const copied = { ...rest, filters: structuredClone(settings.filters), analytics_dashboards: [] }
  if (disabled) copied.active = false
  const existing = flagOf(world, target, settings.key)
  if (existing === undefined) return createFlag(world, target, copied)
  await updateFlag(world, existing, copied)
  return existing
}

function flagOf(world: ServerState, project: number, key: string): FlagRecord | undefined {
  return world.data.stores.flags.find(
    (flag) => flag.project === project && !flag.settings.deleted && flag.settings.key === key,
  )
}
