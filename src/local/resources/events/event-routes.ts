import type { Route } from '../../http/route.ts'
import { eventValues, getEvent, listEvents } from './event-handlers.ts'

/** The events of the project, as the old list shows them. */
export const eventRoutes: readonly Route[] = [
  {
    path: 'projects/:project/events',
    throttle: 'clickhouse',
    methods: { GET: { scope: 'query:read', handle: listEvents } },
  },
  {
    path: 'projects/:project/events/values',
    throttle: 'clickhouse',
    methods: { GET: { scope: 'query:read', handle: eventValues } },
  },
  {
    path: 'projects/:project/events/:id',
    throttle: 'clickhouse',
    methods: { GET: { scope: 'query:read', handle: getEvent } },
  },
]
