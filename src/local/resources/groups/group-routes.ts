import { jsonResponse } from '../../http/json.ts'
import type { Action, Route } from '../../http/route.ts'
import {
  deleteGroupProperty,
  getGroup,
  groupActivity,
  groupPropertyNames,
  groupPropertyValues,
  listGroups,
  postGroup,
  relatedToGroup,
  updateGroupProperty,
} from './group-handlers.ts'

const read = (handle: Action['handle']): Action => ({ scope: 'group:read', handle })
const write = (handle: Action['handle']): Action => ({ scope: 'group:write', handle })
const at = (name: string, methods: Route['methods']): Route => ({
  path: `projects/:project/groups${name}`,
  throttle: 'default',
  methods,
})

/** The groups of the project, and their kinds. */
export const groupRoutes: readonly Route[] = [
  at('', { GET: read(listGroups), POST: write(postGroup) }),
  at('/find', { GET: read(getGroup) }),
  at('/update_property', { POST: write(updateGroupProperty) }),
  at('/delete_property', { POST: write(deleteGroupProperty) }),
  at('/related', { GET: read(relatedToGroup) }),
  at('/property_definitions', { GET: read(groupPropertyNames) }),
  at('/property_values', { GET: read(groupPropertyValues) }),
  at('/activity', { GET: { scope: 'activity_log:read', handle: groupActivity } }),
  {
    path: 'projects/:project/groups_types',
    throttle: 'default',
    methods: {
      GET: read(({ world }) =>
        jsonResponse(
          200,
          world.data.stores.groupTypes.map((type) => ({
            ...type,
            name_singular: null,
            name_plural: null,
            detail_dashboard: null,
            default_columns: null,
            created_at: world.startedAt.toISOString(),
          })),
        ),
      ),
    },
  },
]
