import { jsonResponse } from '../../http/json.ts'
import type { Route } from '../../http/route.ts'
import { activityPage } from '../../store/activity.ts'
import {
  bulkDelete,
  deleteProperty,
  deletionStatus,
  patchPerson,
  splitPerson,
  updateProperty,
} from './person-changes.ts'
import {
  batchByDistinctIds,
  batchByUuids,
  listPersons,
  personInPath,
  personValues,
  propertiesTimeline,
} from './person-queries.ts'
import { personViews } from './person-view.ts'

const PERSONS = 'projects/:project/persons'

/** The persons of the project. */
export const personRoutes: readonly Route[] = [
  {
    path: PERSONS,
    throttle: 'clickhouse',
    methods: { GET: { scope: 'person:read', handle: listPersons } },
  },
  {
    path: `${PERSONS}/batch_by_distinct_ids`,
    throttle: 'clickhouse',
    methods: { POST: { scope: 'person:read', handle: batchByDistinctIds } },
  },
  {
    path: `${PERSONS}/batch_by_uuids`,
    throttle: 'clickhouse',
    methods: { POST: { scope: 'person:read', handle: batchByUuids } },
  },
  {
    path: `${PERSONS}/bulk_delete`,
    throttle: 'clickhouse',
    methods: { POST: { scope: 'person:write', handle: bulkDelete } },
  },
  {
    path: `${PERSONS}/deletion_status`,
    throttle: 'clickhouse',
    methods: { GET: { scope: 'person:read', handle: deletionStatus } },
  },
  {
    path: `${PERSONS}/values`,
    throttle: 'clickhouse',
    methods: { GET: { scope: 'person:read', handle: personValues } },
  },
  {
    path: `${PERSONS}/activity`,
    throttle: 'clickhouse',
    methods: {
      GET: { scope: 'activity_log:read', handle: (call) => activityPage(call, 'Person') },
    },
  },
  {
    path: `${PERSONS}/:id`,
    throttle: 'clickhouse',
    methods: {
      GET: {
        scope: 'person:read',
        handle: async (call) => {
          const [view] = await personViews(call.state, [await personInPath(call)])
          return jsonResponse(200, view)
        },
      },
      PATCH: { scope: 'person:write', handle: patchPerson },
    },
  },
  {
    path: `${PERSONS}/:id/update_property`,
    throttle: 'clickhouse',
    methods: { POST: { scope: 'person:write', handle: updateProperty } },
  },
  {
    path: `${PERSONS}/:id/delete_property`,
    throttle: 'clickhouse',
    methods: { POST: { scope: 'person:write', handle: deleteProperty } },
  },
  {
    path: `${PERSONS}/:id/split`,
    throttle: 'clickhouse',
    methods: { POST: { scope: 'person:write', handle: splitPerson } },
  },
  {
    path: `${PERSONS}/:id/properties_timeline`,
    throttle: 'clickhouse',
    methods: { GET: { scope: 'person:read', handle: propertiesTimeline } },
  },
  {
    path: `${PERSONS}/:id/activity`,
    throttle: 'clickhouse',
    methods: {
      GET: {
        scope: 'activity_log:read',
        handle: async (call) => activityPage(call, 'Person', (await personInPath(call)).uuid),
      },
    },
  },
]
