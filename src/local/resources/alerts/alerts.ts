import { randomUUID } from 'node:crypto'
import { invalid } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser, USER } from '../../store/account.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, choice, datetime, type Fields, integer, list, object, text } from '../../store/fields.ts'
import { ALERTS, INSIGHTS } from '../../store/kinds.ts'
import { visibleFields } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'

/** What the author of an alert sets. */
export const ALERT_FIELDS: Fields = {
  insight: integer({ required: true }),
  name: text({ blank: true, default: '', maxLength: 255 }),
  subscribed_users: list({ required: true }),
  threshold: object({ required: true, nullable: true }),
  condition: object({ nullable: true }),
  config: object({ nullable: true }),
  detector_config: object({ nullable: true }),
  enabled: boolean({ default: true }),
  calculation_interval: choice(['hourly', 'daily', 'weekly', 'monthly'], { default: 'daily' }),
  snoozed_until: datetime({ nullable: true }),
  skip_weekend: boolean({ nullable: true }),
  schedule_restriction: object({ nullable: true }),
  investigation_agent_enabled: boolean({ default: false }),
  investigation_gates_notifications: boolean({ default: false }),
  investigation_inconclusive_action: choice(['notify', 'suppress'], { default: 'notify' }),
}

/** When an alert is looked at next: at the start of its next interval. */
export function nextCheck(interval: unknown, now: Date): string {
  const next = new Date(now)
  next.setUTCMinutes(0, 0, 0)
  if (interval === 'hourly') next.setUTCHours(next.getUTCHours() + 1)
  else {
    next.setUTCHours(0)
    if (interval === 'monthly') next.setUTCMonth(next.getUTCMonth() + 1, 1)
    else if (interval === 'weekly') next.setUTCDate(next.getUTCDate() + ((8 - next.getUTCDay()) % 7 || 7))
    else next.setUTCDate(next.getUTCDate() + 1)
  }
  return next.toISOString()
}

/** An alert as answers show it. No check runs by itself: there are none until one is asked for. */
export function alertView(world: ServerState, alert: StoredRecord): JsonRecord {
  return {
    id: alert.id,
    ...visibleFields({ fields: ALERT_FIELDS }, alert),
    threshold: alert['threshold'],
    created_at: alert['created_at'],
    created_by: currentUser(world),
    state: 'Not firing',
    checks: [],
    checks_total: 0,
    last_checked_at: null,
    last_notified_at: null,
    last_value: null,
    next_check_at: alert['enabled'] === false ? null : nextCheck(alert['calculation_interval'], world.now()),
  }
}

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
