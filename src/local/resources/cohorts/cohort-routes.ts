import { refuseDelete } from '../../http/fields.ts'
import type { Route } from '../../http/route.ts'
import { activityPage } from '../activity/activity-page.ts'
import {
  addPersons,
  calculationHistory,
  cohortInPath,
  cohortPersons,
  getCohort,
  listCohorts,
  patchCohort,
  postCohort,
  removePerson,
} from './cohort-handlers.ts'

const COHORTS = 'projects/:project/cohorts'

/** The cohorts of the project. */
export const cohortRoutes: readonly Route[] = [
  {
    path: COHORTS,
    throttle: 'default',
    methods: {
      GET: { scope: 'cohort:read', handle: listCohorts },
      POST: { scope: 'cohort:write', handle: postCohort },
    },
  },
  {
    path: `${COHORTS}/activity`,
    throttle: 'default',
    methods: {
      GET: { scope: 'activity_log:read', handle: (call) => activityPage(call, 'Cohort', undefined) },
    },
  },
  {
    path: `${COHORTS}/:id`,
    throttle: 'default',
    methods: {
      GET: { scope: 'cohort:read', handle: getCohort },
      PUT: { scope: 'cohort:write', handle: patchCohort },
      PATCH: { scope: 'cohort:write', handle: patchCohort },
      DELETE: { scope: 'cohort:write', handle: refuseDelete },
    },
  },
  {
    path: `${COHORTS}/:id/activity`,
    throttle: 'default',
    methods: {
      GET: {
        scope: 'activity_log:read',
        handle: (call) => activityPage(call, 'Cohort', cohortInPath(call, true).id),
      },
    },
  },
  {
    path: `${COHORTS}/:id/persons`,
    throttle: 'clickhouse',
    methods: { GET: { scope: 'cohort:read person:read', handle: cohortPersons } },
  },
  {
    path: `${COHORTS}/:id/calculation_history`,
    throttle: 'default',
    methods: { GET: { scope: 'cohort:read', handle: calculationHistory } },
  },
  {
    path: `${COHORTS}/:id/add_persons_to_static_cohort`,
    throttle: 'default',
    methods: { PATCH: { scope: 'cohort:write', handle: addPersons } },
  },
  {
    path: `${COHORTS}/:id/remove_person_from_static_cohort`,
    throttle: 'default',
    methods: { PATCH: { scope: 'cohort:write', handle: removePerson } },
  },
]
