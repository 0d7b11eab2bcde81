import type { Route } from './http/route.ts'
import { cohortRoutes } from './resources/cohorts/cohort-routes.ts'
import { definitionRoutes } from './resources/definitions/definition-routes.ts'
import { eventRoutes } from './resources/events/event-routes.ts'
import { flagRoutes } from './resources/feature-flags/flag-routes.ts'
import { groupRoutes } from './resources/groups/group-routes.ts'
import { personRoutes } from './resources/persons/person-routes.ts'

/** Feature flags, and everything about persons, groups and events but the queries on them. */
export const dataRoutes: readonly Route[] = [
  ...flagRoutes,
  ...cohortRoutes,
  ...personRoutes,
  ...eventRoutes,
  ...definitionRoutes,
  ...groupRoutes,
]
