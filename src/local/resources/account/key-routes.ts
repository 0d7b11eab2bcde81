import type { LocalKey } from '../../http/auth.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { rejectKeys } from '../../store/session-routes.ts'

/** Routes for the key of the request and for the project's secret keys, without their values. */
export const keyRoutes: readonly Route[] = [
  {
    path: 'personal_api_keys/@current',
    throttle: 'default',
    allowsScopedKeys: true,
    methods: { GET: { handle: (call) => jsonResponse(200, personalKeyView(call)) } },
  },
  {
    path: 'personal_api_keys',
    throttle: 'default',
    allowsScopedKeys: true,
    methods: { GET: { handle: rejectKeys }, POST: { handle: rejectKeys } },
  },
  actionRoute('GET', 'projects/:project/project_secret_api_keys', 'project:read', listSecretKeys),
]

function personalKeyView({ key, state }: Call): JsonRecord {
  const createdAt = state.startedAt.toISOString()
  return {
    id: keyId(key),
    label: 'Local key',
    mask_value: mask(key),
    created_at: createdAt,
    last_used_at: createdAt,
    last_rolled_at: null,
    user_id: USER.id,
    scopes: key.scopes.length === 0 ? ['*'] : key.scopes,
    scoped_teams: key.projectIds ?? [],
    scoped_organizations: [],
  }
}

// A 32-bit FNV-1a hash: the same key always has the same id, and the id does not reveal the key.
function keyId(key: LocalKey): string {
  let hash = 0x811c9dc5
  for (const character of key.value) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  return `local-${hash.toString(16).padStart(8, '0')}`
}

function listSecretKeys({ state, url }: Call): Response {
  const views = state.keys
    .filter(({ kind }) => kind === 'project_secret')
    .map((key, index) => ({
      id: `local-secret-${index + 1}`,
      label: `Local secret key ${index + 1}`,
      mask_value: mask(key),
      value: '',
      scopes: key.scopes,
      created_by: USER.id,
      created_at: state.startedAt.toISOString(),
      last_used_at: null,
      last_rolled_at: null,
    }))
  return jsonResponse(200, offsetPage(views, url, state.pageSize))
}

function mask({ value }: LocalKey): string {
  return `${value.slice(0, 4)}...${value.slice(-4)}`
}
