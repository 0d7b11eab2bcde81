import { invalid, notFound } from '../../http/api-error.ts'
import { changeFields, fieldsOf, numberInPath } from '../../http/fields.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { mergeEdit } from './edit-conflict.ts'
import { readFlag } from './flag-body.ts'
import { dependentsOf } from './flag-conditions.ts'
import { type FlagRecord, type FlagSettings, versionOf } from './flag-record.ts'
import { flagStatus } from './flag-status.ts'
import { flagView } from './flag-view.ts'
import { createFlag, updateFlag } from './save-flag.ts'

/** The flag that the path names, a deleted one too. */
export function flagInPath(call: Call): FlagRecord {
  const id = numberInPath(call)
  const flag = findFlag(call, id)
  if (flag === undefined) throw notFound()
  return flag
}

/** The flag of the called project with this id. */
export function findFlag({ world, project }: Call, id: number): FlagRecord | undefined {
  return world.data.stores.flags.find((flag) => flag.id === id && flag.project === project)
}

/** POST a new flag. */
export async function postFlag({ world, project, body }: Call): Promise<Response> {
  const flag = await createFlag(world, project, fieldsOf(body))
  return jsonResponse(201, flagView(world, flag))
}

/** GET one, a deleted one too. */
export function getFlag(call: Call): Response {
  return jsonResponse(200, flagView(call.world, flagInPath(call)))
}

/** PATCH and PUT; `deleted` deletes and restores. */
export async function patchFlag(call: Call): Promise<Response> {
  const flag = flagInPath(call)
  const fields = changeFields(call, 'key')
  await updateFlag(call.world, flag, mergeEdit(call.world, flag, readFlag(fields), fields))
  return jsonResponse(200, flagView(call.world, flag))
}

/** What the four actions on a flag's state set. */
const STATES: Readonly<Record<string, Partial<FlagSettings>>> = {
  enable: { active: true },
  disable: { active: false },
  archive: { archived: true, active: false },
  unarchive: { archived: false },
}

/** POST an action on the state. One that changes nothing makes no version. */
export async function actOnFlag(call: Call, action: string): Promise<Response> {
  const flag = flagInPath(call)
  const state = Object.entries(STATES[action] ?? {})
  const current = Object.entries(flag.settings)
  const changes = state.filter((one) => !current.some(([name, value]) => name === one[0] && value === one[1]))
  if (changes.length > 0) await updateFlag(call.world, flag, Object.fromEntries(changes))
  return jsonResponse(200, flagView(call.world, flag))
}

/** GET flags that ask for this one. */
export function dependentFlags(call: Call): Response {
  const dependents = dependentsOf(call.world.data.stores.flags, flagInPath(call))
  return jsonResponse(
    200,
    dependents.map(({ id, settings: { key, name } }) => ({ id, key, name: name === '' ? key : name })),
  )
}

/** GET how it is used. */
export function getStatus(call: Call): Response {
  const flag = findFlag(call, numberInPath(call))
  return jsonResponse(flag === undefined ? 404 : 200, flagStatus(flag, call.world.now()))
}

/** GET it as one of its versions had it. */
export function getVersion(call: Call): Response {
  const flag = flagInPath(call)
  const number = numberInPath(call, 'version')
  const found = flag.versions.find((candidate) => candidate.version === number)
  if (found === undefined) throw notFound(`Version ${number} not found.`)
  const { tags: _tags, evaluation_contexts: _contexts, archived: _archived, ...settings } = found.settings
  return jsonResponse(200, {
    id: flag.id,
    ...settings,
    version: found.version,
    created_at: flag.created_at,
    created_by: USER.id,
    last_called_at: flag.last_called_at,
    has_enriched_analytics: null,
    rollback_conditions: null,
    performed_rollback: false,
    is_historical: found.version !== versionOf(flag),
    version_timestamp: found.at,
    modified_by: USER.id,
  })
}

/** Whole numbers under `ids`. */
export function idsIn(body: unknown): readonly number[] {
  const { ids } = fieldsOf(body)
  if (ids === undefined) throw invalid('ids', 'This field is required.', 'required')
  if (!Array.isArray(ids)) throw invalid('ids', 'Expected a list of items.', 'not_a_list')
  return ids.map(Number)
}
