import { forbidden } from '../../http/api-error.ts'
import type { LocalKey } from '../../http/auth/keys.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { currentUserView, updateMe } from './current-user.ts'
import { projectView } from './project-view.ts'

/** Who the key belongs to and what it may reach. */
export const whoamiRoutes: readonly Route[] = [
  {
    path: 'personal_api_keys/@current',
    throttle: 'default',
    exemptFromProjects: true,
    methods: { GET: { handle: (call) => jsonResponse(200, keyInfo(call)) } },
  },
  {
    path: 'personal_api_keys',
    throttle: 'default',
    exemptFromProjects: true,
    methods: { GET: { handle: refuseKeys }, POST: { handle: refuseKeys } },
  },
  {
    path: 'users/@me',
    throttle: 'default',
    exemptFromProjects: true,
    methods: {
      GET: { scope: 'user:read', handle: ({ world }) => jsonResponse(200, currentUserView(world)) },
      PATCH: { scope: 'user:write', handle: updateMe },
    },
  },
  {
    path: 'projects',
    throttle: 'default',
    methods: {
      GET: {
        scope: 'project:read',
        handle: ({ world, url }) => {
          const projects = world.projects.map((id) => projectView(world, id))
          return jsonResponse(200, offsetPage(projects, url, world.pageSize))
        },
      },
    },
  },
  {
    path: 'projects/:project',
    throttle: 'default',
    methods: {
      GET: {
        scope: 'project:read',
        handle: ({ world, project }) => jsonResponse(200, projectView(world, project)),
      },
    },
  },
]

function refuseKeys(): never {
  throw forbidden('This action does not support personal API key access')
}

function keyInfo({ key, world }: Call): Record<string, unknown> {
  const createdAt = world.startedAt.toISOString()
  return {
    id: keyId(key),
    label: 'Local key',
    mask_value: `${key.value.slice(0, 4)}...${key.value.slice(-4)}`,
    created_at: createdAt,
    last_used_at: createdAt,
    last_rolled_at: null,
    user_id: USER.id,
    scopes: key.scopes.length === 0 ? ['*'] : key.scopes,
    scoped_teams: key.projectIds ?? [],
    scoped_organizations: [],
  }
}

// Stable for a key, without giving the key away: a 32-bit FNV-1a hash.
function keyId(key: LocalKey): string {
  let hash = 0x811c9dc5
  for (const character of key.value) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  return `local-${hash.toString(16).padStart(8, '0')}`
}
