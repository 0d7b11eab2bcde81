import { randomUUID } from 'node:crypto'
import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { ALERTS, INSIGHTS } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { ALERT_FIELDS } from './alert-fields.ts'
import { alertView } from './alert-view.ts'

const alerts: Resource = {
  kind: ALERTS,
  path: 'projects/:project/alerts',
  object: 'alert',
  fields: ALERT_FIELDS,
  deletion: 'hard',
  activity: 'AlertConfiguration',
  prepareCreate: (call, values) => checked(call, values, undefined),
  prepareUpdate: (call, before, values) => checked(call, values, before['threshold']),
  view: ({ world }, alert) => alertView(world, alert),
}

/** Alerts about insights. */
export const alertRoutes: readonly Route[] = resourceRoutes(alerts)

function checked({ world }: Call, values: JsonRecord, before: unknown): JsonRecord {
  const { insight, subscribed_users: users, threshold } = values
  if (insight !== undefined && collectionOf(world, INSIGHTS).get(insight)?.['deleted'] !== false) {
    throw invalid('insight', `Invalid pk "${String(insight)}" - object does not exist.`, 'does_not_exist')
  }
  const stranger = Array.isArray(users) ? users.find((user) => user !== USER.id) : undefined
  if (stranger !== undefined) {
    throw invalid('subscribed_users', 'User does not belong to the same organization as the alert.')
  }
  return isObject(threshold) ? { threshold: named(world.now(), threshold, before) } : {}
}

// A threshold keeps its id when it is changed: it is a thing of its own.
function named(now: Date, threshold: JsonRecord, before: unknown): JsonRecord {
  const kept = isObject(before) ? before : { id: randomUUID(), created_at: now.toISOString() }
  const { configuration = {}, name = '' } = threshold
  return { id: kept['id'], created_at: kept['created_at'], name, configuration }
}
