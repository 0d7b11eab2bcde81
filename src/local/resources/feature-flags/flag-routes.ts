import { ApiError, bare, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { integerInPath } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { bulkTagsRoute } from '../../store/bulk-tags.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { bodyObject } from '../../store/read-fields.ts'
import { findRecord, recordsOf } from '../../store/records.ts'
import {
  actionRoute,
  listActivityRoute,
  recordActivityRoute,
  recordResponse,
  resourceRoutes,
} from '../../store/resource-routes.ts'
import { bulkDelete, isInteger } from './bulk-delete.ts'
import { copyFlagsRoutes } from './copy-flags.ts'
import { evaluationRoutes } from './evaluation-routes.ts'
import { dependentsOf, payloadOf } from './flag-filters.ts'
import { flagsOf } from './flag-record.ts'
import { flagStatus } from './flag-status.ts'
import { versionView } from './flag-view.ts'
import { changeFlag, flags } from './flags.ts'

const READ = 'feature_flag:read'
const WRITE = 'feature_flag:write'
const FLAG = `${flags.path}/:id`

/** A change of a flag's state, and the name that errors give it. */
interface StateAction {
  readonly changes: JsonRecord
  readonly gerund: string
}

const ACTIONS: Readonly<Record<string, StateAction>> = {
  enable: { changes: { active: true }, gerund: 'enabling' },
  disable: { changes: { active: false }, gerund: 'disabling' },
  archive: { changes: { archived: true, active: false }, gerund: 'archiving' },
  unarchive: { changes: { archived: false }, gerund: 'unarchiving' },
}

/** Feature flags: their versions, dependencies, evaluation and copies. */
export const flagRoutes: readonly Route[] = [
  listActivityRoute(flags),
  bulkTagsRoute(flags),
  actionRoute('POST', `${flags.path}/bulk_delete`, WRITE, bulkDelete),
  actionRoute('POST', `${flags.path}/bulk_keys`, READ, bulkKeys),
  ...evaluationRoutes,
  ...resourceRoutes(flags),
  recordActivityRoute(flags),
  ...Object.entries(ACTIONS).map(([name, action]) =>
    actionRoute('POST', `${FLAG}/${name}`, WRITE, (call) => applyAction(call, action)),
  ),
  actionRoute('GET', `${FLAG}/dependent_flags`, READ, dependentFlags),
  actionRoute('GET', `${FLAG}/status`, READ, getStatus),
  actionRoute('GET', `${FLAG}/versions/:version`, READ, getVersion),
  {
    path: `${FLAG}/remote_config`,
    throttle: 'default',
    acceptsSecretKeys: true,
    methods: { GET: { scope: READ, secretKeys: true, handle: remoteConfig } },
  },
  ...copyFlagsRoutes,
]

function bulkKeys(call: Call): Response {
  const { ids = [] } = bodyObject(call.body)
  const given = Array.isArray(ids) ? ids : []
  const valid = given.filter(isInteger)
  const ignored = given.filter((id) => !isInteger(id))
  if (given.length > 0 && valid.length === 0) throw bare(400, 'Invalid flag IDs provided')
  const known = flagsOf(call.state, call.project).filter((flag) => valid.map(Number).includes(flag.id))
  return jsonResponse(200, {
    keys: Object.fromEntries(known.map(({ id, key }) => [id, key])),
    ...(ignored.length === 0 ? {} : { warning: `Invalid flag IDs ignored: ${JSON.stringify(ignored)}` }),
  })
}

// An action that changes nothing adds no version.
async function applyAction(call: Call, { changes, gerund }: StateAction): Promise<Response> {
  const flag = findRecord(flags, call)
  if (flag.deleted) {
    const error = `This feature flag has been deleted. Restore it before ${gerund} it.`
    throw new ApiError(400, { success: false, error })
  }
  const effective = Object.entries(changes).filter(([name, value]) => flag[name] !== value)
  if (effective.length === 0) return recordResponse(flags, call, flag)
  return recordResponse(flags, call, await changeFlag(call, flag, Object.fromEntries(effective)))
}

function dependentFlags(call: Call): Response {
  const dependents = dependentsOf(flagsOf(call.state, call.project), findRecord(flags, call))
  return jsonResponse(
    200,
    dependents.map(({ id, key, name }) => ({ id, key, name: name === '' ? key : name })),
  )
}

function getStatus(call: Call): Response {
  const flag = recordsOf(flags, call).get(integerInPath(call))
  return jsonResponse(flag === undefined ? 404 : 200, flagStatus(flag, call.state.now()))
}

function getVersion(call: Call): Response {
  const flag = findRecord(flags, call)
  const number = integerInPath(call, 'version')
  const version = flag.versions.find((candidate) => candidate.version === number)
  if (version === undefined) throw notFound(`Version ${number} not found.`)
  return jsonResponse(200, versionView(flag, version))
}

// Finds a flag by id or key. The payload is JSON in a JSON string, as stored.
function remoteConfig({ state, project, params }: Call): Response {
  const name = params['id'] ?? ''
  const flag = flagsOf(state, project).find(({ id, key }) => String(id) === name || key === name)
  if (flag?.['is_remote_configuration'] !== true) return new Response(null, { status: 404 })
  const payload = payloadOf(flag.filters, 'true')
  return payload ? jsonResponse(200, payload) : new Response(null, { status: 200 })
}
