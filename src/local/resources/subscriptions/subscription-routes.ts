import { randomUUID } from 'node:crypto'
import { notFound } from '../../http/api-error.ts'
import { cursorPage } from '../../http/cursor-page.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { type CollectionKind, collectionOf, type StoredRecord } from '../../store/collection.ts'
import { findRecord } from '../../store/records.ts'
import { actionRoute, resourceRoutes } from '../../store/resource-routes.ts'
import { subscriptions } from './subscriptions.ts'

const DELIVERIES: CollectionKind = { name: 'subscription_deliveries', ids: 'uuid' }
const ONE = `${subscriptions.path}/:id`

/** Subscriptions and their deliveries. Nothing leaves this machine: a delivery is only written down. */
export const subscriptionRoutes: readonly Route[] = [
  ...resourceRoutes(subscriptions),
  actionRoute('POST', `${ONE}/test-delivery`, 'subscription:write', testDelivery),
  actionRoute('GET', `${ONE}/deliveries`, 'subscription:read', (call) => {
    const status = call.url.searchParams.get('status')
    const found = deliveriesOf(call).filter((one) => status === null || one['status'] === status)
    return jsonResponse(200, cursorPage(found, call.url, call.world.pageSize))
  }),
  actionRoute('GET', `${ONE}/deliveries/:delivery`, 'subscription:read', (call) => {
    const delivery = deliveriesOf(call).find((one) => one.id === call.params['delivery'])
    if (delivery === undefined) throw notFound()
    return jsonResponse(200, delivery)
  }),
]

function deliveriesOf(call: Call): StoredRecord[] {
  const { id } = findRecord(subscriptions, call)
  return collectionOf(call.world, DELIVERIES)
    .all()
    .filter((delivery) => delivery['subscription'] === id)
    .reverse()
}

async function testDelivery(call: Call): Promise<Response> {
  const { id, target_type, target_value } = findRecord(subscriptions, call)
  const now = call.world.now().toISOString()
  const recipients = target_type === 'email' ? String(target_value).split(',') : [String(target_value)]
  collectionOf(call.world, DELIVERIES).add({
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
  await call.world.persist()
  return new Response(null, { status: 202 })
}
