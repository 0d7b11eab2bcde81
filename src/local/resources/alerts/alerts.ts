import { randomUUID } from 'node:crypto'
import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import { currentUser, USER } from '../../store/account.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { boolean, choice, datetime, integer, list, normalizeTags, object, text } from '../../store/fields.ts'
import { ALERTS, INSIGHTS } from '../../store/kinds.ts'
import { referenceError } from '../../store/read-fields.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { destinationRoutes } from './destinations.ts'

const INTERVALS = ['real_time', 'every_15_minutes', 'hourly', 'daily', 'weekly', 'monthly']

/** The alerts of the project. Bodies have ids of insights and users; responses have objects. */
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
    calculation_interval: choice(INTERVALS, { default: 'daily' }),
    schedule_start_time: text({ nullable: true, blank: true, writeOnly: true }),
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
  search: ['name'],
  showsSearchMatch: true,
  filter: filterAlerts,
  prepareCreate: (call, values) => prepare(call, values, undefined),
  prepareUpdate: (call, before, values) => prepare(call, values, before['threshold']),
  // The local PostHog never checks alerts.
  view: ({ state }, { enabled, calculation_interval: interval, insight, subscribed_users: users }) => ({
    insight: insightView(collectionOf(state, INSIGHTS).get(insight)),
    subscribed_users: (users as unknown[]).map(() => currentUser(state)),
    state: 'Not firing',
    checks: [],
    last_checked_at: null,
    last_notified_at: null,
    last_value: null,
    next_check_at: enabled === false ? null : nextCheck(interval, state.now()),
  }),
}

/** Alerts and their destinations. */
export const alertRoutes: readonly Route[] = [...resourceRoutes(alerts), ...destinationRoutes(alerts)]

function insightView(insight: StoredRecord | undefined): JsonRecord {
  return {
    id: insight?.id,
    short_id: insight?.['short_id'],
    name: insight?.['name'],
    derived_name: insight?.['derived_name'],
  }
}

function filterAlerts(
  { state, url: { searchParams } }: Call,
  records: readonly StoredRecord[],
): readonly StoredRecord[] {
  const [author, detector, insight, tag] = ['created_by', 'has_detector', 'insight_id', 'insight_tag'].map(
    (name) => searchParams.get(name),
  )
  const tagsOf = (alert: StoredRecord): unknown =>
    collectionOf(state, INSIGHTS).get(alert['insight'])?.['tags']
  return records
    .filter(() => !author || author === USER.uuid)
    .filter((alert) => !detector || isObject(alert['detector_config']) === (detector === 'true'))
    .filter((alert) => !insight || String(alert['insight']) === insight)
    .filter((alert) => !tag || normalizeTags(tagsOf(alert)).includes(tag))
}

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

/** The start of the next interval. Null for the short intervals, which PostHog schedules after the first check. */
export function nextCheck(interval: unknown, now: Date): string | null {
  if (interval === 'real_time' || interval === 'every_15_minutes') return null
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
