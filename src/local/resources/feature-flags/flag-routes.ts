import { ApiError, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { integerInPath } from '../../http/parameters.ts'
import type { Call, Route } from '../../http/route.ts'
import { bulkTagsRoute } from '../../store/bulk-tags.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { list } from '../../store/fields.ts'
import { readField } from '../../store/read-fields.ts'
import { findRecord, recordsOf } from '../../store/records.ts'
import {
  actionRoute,
  listActivityRoute,
  recordActivityRoute,
  recordResponse,
  resourceRoutes,
} from '../../store/resource-routes.ts'
import { copyFlagsRoutes } from './copy-flags.ts'
import { evaluationRoutes } from './evaluation-routes.ts'
import { dependentsOf, payloadOf } from './flag-filters.ts'
import { flagsOf } from './flag-record.ts'
import { flagStatus, versionView } from './flag-view.ts'
import { changeFlag, flags } from './flags.ts'

const READ = 'feature_flag:read'
const WRITE = 'feature_flag:write'
const FLAG = `${flags.path}/:id`

/** The fields that each action sets. */
const ACTIONS: Readonly<Record<string, JsonRecord>> = {
  enable: { active: true },
  disable: { active: false },
  archive: { archived: true, active: false },
  unarchive: { archived: false },
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
  ...Object.entries(ACTIONS).map(([action, changes]) =>
    actionRoute('POST', `${FLAG}/${action}`, WRITE, (call) => applyAction(call, changes)),
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

async function bulkDelete(call: Call): Promise<Response> {
  const deleted: object[] = []
  const errors: object[] = []
  for (const id of idsIn(call)) {
    const flag = recordsOf(flags, call).get(id)
    if (flag === undefined || flag.deleted) {
      errors.push({ id, reason: 'Flag not found' })
      continue
    }
    try {
      await changeFlag(call, flag, { deleted: true })
      deleted.push({ id, key: flag.key })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      errors.push({ id, key: flag.key, reason: String(error.body['detail']) })
    }
  }
  return jsonResponse(200, { deleted, errors })
}

function bulkKeys(call: Call): Response {
  const found = idsIn(call).map((id) => [String(id), recordsOf(flags, call).get(id)?.key] as const)
  return jsonResponse(200, { keys: Object.fromEntries(found.filter(([, key]) => key !== undefined)) })
}

function idsIn({ body }: Call): readonly number[] {
  const ids = readField('ids', list(), body) as unknown[]
  return ids.map(Number)
}

// An action that changes nothing adds no version.
async function applyAction(call: Call, changes: JsonRecord): Promise<Response> {
  const flag = findRecord(flags, call)
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
