import { randomUUID } from 'node:crypto'
import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import { collectionOf, type JsonRecord } from '../../store/collection.ts'
import { boolean, choice, datetime, integer, list, object, text } from '../../store/fields.ts'
import { ALERTS, INSIGHTS } from '../../store/kinds.ts'
import { referenceError } from '../../store/read-fields.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { destinationRoutes } from './destinations.ts'

/** The alerts of the project. */
export const alerts: Resource = {
  kind: ALERTS,
  path: 'projects/:project/alerts',
  object: 'alert',
  fields: {
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
  },
  systemFields: ['created_at', 'created_by'],
  deletion: 'hard',
  activity: 'AlertConfiguration',
  prepareCreate: (call, values) => prepare(call, values, undefined),
  prepareUpdate: (call, before, values) => prepare(call, values, before['threshold']),
  // The local PostHog never checks alerts.
  view: ({ state }, { enabled, calculation_interval: interval }) => ({
    state: 'Not firing',
    checks: [],
    checks_total: 0,
    last_checked_at: null,
    last_notified_at: null,
    last_value: null,
    next_check_at: enabled === false ? null : nextCheck(interval, state.now()),
  }),
}

/** Alerts and their destinations. */
export const alertRoutes: readonly Route[] = [...resourceRoutes(alerts), ...destinationRoutes(alerts)]

function prepare({ state }: Call, values: JsonRecord, threshold: unknown): JsonRecord {
  const { insight, subscribed_users: users, threshold: given } = values
  if (insight !== undefined && collectionOf(state, INSIGHTS).get(insight)?.['deleted'] !== false) {
    throw referenceError('insight', insight)
  }
  if (Array.isArray(users) && users.some((user) => user !== USER.id)) {
    throw invalid('subscribed_users', 'User does not belong to the same organization as the alert.')
  }
  return isObject(given) ? { threshold: changeThreshold(state.now(), given, threshold) } : {}
}

// A threshold is an object of its own: it keeps its id when it changes.
function changeThreshold(now: Date, given: JsonRecord, before: unknown): JsonRecord {
  const { id, created_at } = isObject(before) ? before : { id: randomUUID(), created_at: now.toISOString() }
  const { configuration = {}, name = '' } = given
  return { id, created_at, name, configuration }
}

/** The start of the next interval. */
function nextCheck(interval: unknown, now: Date): string {
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
