import { isObject } from '../../../shared/is-object.ts'
import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { choice, type Fields, json, list } from '../../store/fields.ts'
import { readField, readFields, requiredError } from '../../store/read-fields.ts'
import { changeRecord, deleteRecord, findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import {
  actionRoute,
  listActivityRoute,
  recordActivityRoute,
  resourceRoutes,
} from '../../store/resource-routes.ts'
import { integrations } from '../integrations/integrations.ts'
import { FINGERPRINTS, fingerprintsOf, ISSUES, issues, readAssignee, STATUSES } from './issues.ts'
import { queryRoutes } from './query-routes.ts'
import { ruleRoutes } from './rule-routes.ts'

const ISSUE = `${issues.path}/:id`
const WRITE = 'error_tracking:write'
const BULK: Fields = {
  ids: list({ required: true }),
  action: choice(['set_status', 'assign'], { required: true }),
  status: choice(STATUSES, { nullable: true }),
  assignee: json(),
}
const SPLIT: Fields = { fingerprints: list({ default: [] }) }

const fingerprints: Resource = {
  kind: FINGERPRINTS,
  path: 'projects/:project/error_tracking/fingerprints',
  object: 'error_tracking',
  fields: {},
  operations: ['list', 'get', 'delete'],
  deletion: 'refused',
  systemFields: ['created_at'],
  view: (_, { fingerprint, issue_id }) => ({ fingerprint, issue_id }),
}

const PROVIDERS = ['github', 'gitlab'] as const
const LINK_PARAMETERS = ['owner', 'repository', 'code_sample', 'file_name']

// The local PostHog calls no Git provider, so it finds no file.
const linkRoutes = PROVIDERS.map((provider) =>
  actionRoute(
    'GET',
    `projects/:project/error_tracking/git-provider-file-links/resolve_${provider}`,
    'error_tracking:read',
    ({ state, url }) => {
      const missing = LINK_PARAMETERS.find((name) => !url.searchParams.get(name))
      if (missing !== undefined) throw requiredError(missing)
      const connected = collectionOf(state, integrations.kind)
        .all()
        .some((integration) => integration['kind'] === provider)
      return jsonResponse(
        200,
        connected ? { found: false } : { found: false, error: `No ${provider} integration` },
      )
    },
  ),
)

/** Issues, fingerprints, rules and links to code. */
export const errorTrackingRoutes: readonly Route[] = [
  actionRoute('POST', `${issues.path}/bulk`, WRITE, bulk),
  listActivityRoute(issues),
  ...resourceRoutes(issues),
  recordActivityRoute(issues),
  actionRoute('PATCH', `${ISSUE}/assign`, WRITE, assign),
  actionRoute('POST', `${ISSUE}/merge`, WRITE, merge),
  actionRoute('POST', `${ISSUE}/split`, WRITE, split),
  ...resourceRoutes(fingerprints),
  ...queryRoutes,
  ...ruleRoutes,
  ...linkRoutes,
]

const success = (): Response => jsonResponse(200, { success: true })

async function bulk(call: Call): Promise<Response> {
  const { ids, action, status, assignee } = readFields(BULK, call.body)
  const requested = (ids as unknown[]).flatMap((id) => collectionOf(call.state, ISSUES).get(id) ?? [])
  if (action === 'set_status' && typeof status !== 'string') throw requiredError('status')
  const change: JsonRecord =
    action === 'set_status' ? { status } : { assignee: readAssignee(call.state, assignee ?? null) }
  for (const issue of requested) {
    await changeRecord(issues, call, issue, change, action === 'assign' ? 'assigned' : undefined)
  }
  return success()
}

async function assign(call: Call): Promise<Response> {
  const issue = findRecord(issues, call)
  const assignee = readField('assignee', json(), call.body)
  await changeRecord(issues, call, issue, { assignee: readAssignee(call.state, assignee) }, 'assigned')
  return success()
}

async function merge(call: Call): Promise<Response> {
  const issue = findRecord(issues, call)
  const ids = readField('ids', list(), call.body) as unknown[]
  const others = ids
    .filter((id) => id !== issue.id)
    .map((id) => {
      const other = collectionOf(call.state, ISSUES).get(id)
      if (other === undefined) throw notFound()
      return other
    })
  for (const other of others) {
    for (const fingerprint of fingerprintsOf(call.state, other)) {
      collectionOf(call.state, FINGERPRINTS).change(fingerprint.id, { issue_id: issue.id })
    }
    await deleteRecord(issues, call, other)
  }
  await changeRecord(issues, call, issue, {}, 'merged')
  return success()
}

async function split(call: Call): Promise<Response> {
  const issue = findRecord(issues, call)
  const given = readFields(SPLIT, call.body)['fingerprints'] as unknown[]
  const own = fingerprintsOf(call.state, issue)
  const selected = given.filter(isObject).map(({ fingerprint, name, description }) => {
    const known = own.find((candidate) => candidate['fingerprint'] === fingerprint)
    if (known === undefined) {
      throw invalid('fingerprints', `Fingerprint ${String(fingerprint)} does not belong to this issue`)
    }
    return { known, name, description }
  })
  const created = selected.map(({ known, name, description }) => {
    const added = collectionOf(call.state, ISSUES).add({
      name: name ?? issue['name'],
      description: description ?? issue['description'],
      status: 'active',
      severity: null,
      assignee: null,
      first_seen: known['created_at'],
    })
    collectionOf(call.state, FINGERPRINTS).change(known.id, { issue_id: added.id })
    return added.id
  })
  await changeRecord(issues, call, issue, {}, 'split')
  return jsonResponse(200, { success: true, new_issue_ids: created })
}
