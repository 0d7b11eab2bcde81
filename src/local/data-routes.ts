import { cohortRoutes } from './cohorts/cohort-routes.ts'
import { definitionRoutes } from './definitions/definition-routes.ts'
import { eventRoutes } from './events/event-routes.ts'
import { flagRoutes } from './feature-flags/flag-routes.ts'
import { groupRoutes } from './groups/group-routes.ts'
import type { Route } from './http/route.ts'
import { personRoutes } from './persons/person-routes.ts'

/** Feature flags, and everything about persons, groups and events but the queries on them. */
export const dataRoutes: readonly Route[] = [
  ...flagRoutes,
  ...cohortRoutes,
  ...personRoutes,
  ...eventRoutes,
  ...definitionRoutes,
  ...groupRoutes,
]
