import { randomUUID } from 'node:crypto'
import { invalid, notFound } from '../../http/api-error.ts'
import { cursorPage } from '../../http/cursor-page.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { USER } from '../../store/account.ts'
import {
  type CollectionKind,
  collectionOf,
  type JsonRecord,
  type StoredRecord,
} from '../../store/collection.ts'
import { boolean, choice, DELETED, datetime, integer, list, object, text } from '../../store/fields.ts'
import { DASHBOARDS, INSIGHTS } from '../../store/kinds.ts'
import { referenceError } from '../../store/read-fields.ts'
import { findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { UUID } from '../persons/person-table.ts'
import { describeRecurrence, nextOccurrence } from './recurrence.ts'

const subscriptions: Resource = {
  kind: { name: 'subscriptions', ids: 'integer' },
  path: 'projects/:project/subscriptions',
  object: 'subscription',
  fields: {
    dashboard: integer({ nullable: true }),
    insight: integer({ nullable: true }),
    dashboard_export_insights: list({ default: [] }),
    target_type: choice(['email', 'slack', 'teams'], { required: true }),
    target_value: text({ required: true }),
    frequency: choice(['daily', 'weekly', 'monthly', 'yearly'], { required: true }),
    interval: integer({ default: 1 }),
    byweekday: list({ nullable: true }),
    bysetpos: integer({ nullable: true }),
    count: integer({ nullable: true }),
    start_date: datetime({ required: true }),
    until_date: datetime({ nullable: true }),
    deleted: DELETED,
    title: text({ nullable: true, maxLength: 100 }),
    integration_id: integer({ nullable: true }),
    invite_message: text({ nullable: true, blank: true }),
    summary_enabled: boolean({ default: false }),
    summary_prompt_guide: text({ blank: true, default: '', maxLength: 500 }),
    prompt: text({ nullable: true, blank: true }),
    ai_prompt_config: object({ default: {} }),
    enabled: boolean({ default: true }),
    delivery_config: object({ default: {} }),
    send_test_now: boolean({ writeOnly: true }),
  },
  systemFields: ['created_at', 'created_by'],
  deletion: 'refused',
  activity: 'Subscription',
  search: ['title', 'target_value'],
  filterBy: ['insight', 'dashboard', 'target_type'],
  filter: ({ url: { searchParams } }, found) => {
    const type = searchParams.get('resource_type')
    const author = searchParams.get('created_by')
    if (author && !UUID.test(author)) throw invalid('created_by', 'Not a valid UUID.')
    return found
      .filter((record) => type === null || (record[type] !== null && record[type] !== undefined))
      .filter(() => !author || author.toLowerCase() === USER.uuid)
  },
  prepareCreate: ({ state }, values) => checkSubject(state, values),
  prepareUpdate: ({ state }, before, values) => checkSubject(state, { ...before, ...values }),
  view: ({ state }, subscription) => {
    const subject = subjectOf(state, subscription)
    return {
      insight_short_id: subscription['insight'] === null ? null : (subject?.['short_id'] ?? null),
      resource_name: subject?.['name'] ?? null,
      next_delivery_date: nextOccurrence(subscription, state.now()),
      summary: describeRecurrence(subscription),
    }
  },
}

const DELIVERIES: CollectionKind = { name: 'subscription_deliveries', ids: 'uuid' }
const SUBSCRIPTION = `${subscriptions.path}/:id`

/** Subscriptions and their deliveries. The local PostHog records deliveries and sends nothing. */
export const subscriptionRoutes: readonly Route[] = [
  ...resourceRoutes(subscriptions),
  actionRoute('POST', `${SUBSCRIPTION}/test-delivery`, 'subscription:write', testDelivery),
  actionRoute('GET', `${SUBSCRIPTION}/deliveries`, 'subscription:read', (call) => {
    const status = call.url.searchParams.get('status')
    const found = deliveriesOf(call).filter((delivery) => status === null || delivery['status'] === status)
    return jsonResponse(200, cursorPage(found, call.url, call.state.pageSize))
  }),
  actionRoute('GET', `${SUBSCRIPTION}/deliveries/:delivery`, 'subscription:read', (call) => {
    const delivery = deliveriesOf(call).find(({ id }) => id === call.params['delivery'])
    if (delivery === undefined) throw notFound()
    return jsonResponse(200, delivery)
  }),
]

/** The insight or dashboard that a subscription delivers. */
function subjectOf(state: ServerState, { insight, dashboard }: JsonRecord): StoredRecord | undefined {
  if (insight !== null && insight !== undefined) return collectionOf(state, INSIGHTS).get(insight)
  return collectionOf(state, DASHBOARDS).get(dashboard)
}

function checkSubject(state: ServerState, values: JsonRecord): JsonRecord {
  const { insight, dashboard } = values
  const isMissing = (value: unknown): boolean => value === null || value === undefined
  if (isMissing(insight) && isMissing(dashboard)) {
    throw invalid(null, 'Either dashboard or insight is required for a subscription.')
  }
  const subject = subjectOf(state, values)
  if (subject === undefined || subject['deleted'] === true) {
    const attr = isMissing(insight) ? 'dashboard' : 'insight'
    throw referenceError(attr, values[attr])
  }
  return {}
}

function deliveriesOf(call: Call): StoredRecord[] {
  const { id } = findRecord(subscriptions, call)
  return collectionOf(call.state, DELIVERIES)
    .all()
    .filter((delivery) => delivery['subscription'] === id)
    .reverse()
}

async function testDelivery(call: Call): Promise<Response> {
  const { id, target_type, target_value } = findRecord(subscriptions, call)
  const now = call.state.now().toISOString()
  const recipients = target_type === 'email' ? String(target_value).split(',') : [String(target_value)]
  collectionOf(call.state, DELIVERIES).add({
    subscription: id,
    temporal_workflow_id: `local-${randomUUID()}`,
    idempotency_key: randomUUID(),
    trigger_type: 'manual',
    scheduled_at: null,
    target_type,
    target_value,
    exported_asset_ids: [],
    content_snapshot: {},
    recipient_results: recipients.map((recipient) => ({ recipient: recipient.trim(), status: 'success' })),
    status: 'completed',
    error: null,
    change_summary: null,
    created_at: now,
    last_updated_at: now,
    finished_at: now,
  })
  await call.state.persist()
  return new Response(null, { status: 202 })
}
