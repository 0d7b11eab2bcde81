import type { LocalKey } from '../../http/auth/keys.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { USER } from '../../store/account.ts'

/** The secret keys of the project, without their values. */
export const secretKeyRoutes: readonly Route[] = [
  {
    path: 'projects/:project/project_secret_api_keys',
    throttle: 'default',
    methods: {
      GET: {
        scope: 'project:read',
        handle: ({ world, url }) => {
          const keys = world.keys.filter(({ kind }) => kind === 'project_secret')
          const shown = keys.map((key, index) => keyView(world, key, index))
          return jsonResponse(200, offsetPage(shown, url, world.pageSize))
        },
      },
    },
  },
]

function keyView({ startedAt }: ServerState, { value, scopes }: LocalKey, index: number): object {
  return {
    id: `local-secret-${index + 1}`,
    label: `Local secret key ${index + 1}`,
    mask_value: `${value.slice(0, 4)}...${value.slice(-4)}`,
    value: '',
    scopes,
    created_by: USER.id,
    created_at: startedAt.toISOString(),
    last_used_at: null,
    last_rolled_at: null,
  }
}
