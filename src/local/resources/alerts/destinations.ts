import { invalid } from '../../http/api-error.ts'
import { jsonResponse, stableJson } from '../../http/json.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type StoredRecord } from '../../store/collection.ts'
import { choice, type Fields, integer, list, text } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'
import { changeRecord, createRecord, findRecord } from '../../store/records.ts'
import type { Resource } from '../../store/resource.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { hogFunctions } from '../hog-functions/hog-functions.ts'
import { integrations } from '../integrations/integrations.ts'

// PostHog/posthog products/alerts_platform/backend/facade/api.py
const EVENT = '$insight_alert_firing'
const MAX_DESTINATIONS = 5

const DESTINATION: Fields = {
  type: choice(['slack'], { default: 'slack' }),
  slack_workspace_id: integer({ required: true }),
  slack_channel_id: text({ required: true }),
  slack_channel_name: text({ blank: true, default: '' }),
}

/** Routes of the Slack destinations of alerts. A destination is a Hog function. */
export function destinationRoutes(alerts: Resource): readonly Route[] {
  const path = `${alerts.path}/:id/destinations`
  return [
    actionRoute('POST', path, 'alert:write', async (call) => {
      const id = await createDestination(call, findRecord(alerts, call))
      return jsonResponse(201, { hog_function_ids: [id] })
    }),
    actionRoute('POST', `${path}/delete`, 'alert:write', async (call) => {
      await deleteDestinations(call, findRecord(alerts, call))
      return new Response(null, { status: 204 })
    }),
  ]
}

async function createDestination(call: Call, alert: StoredRecord): Promise<unknown> {
  const { slack_workspace_id: workspace, slack_channel_id: channel } = readFields(DESTINATION, call.body)
  if (collectionOf(call.state, integrations.kind).get(workspace)?.['kind'] !== 'slack') {
    throw invalid('slack_workspace_id', 'Slack integration does not belong to this team.')
  }
  const inputs = { slack_workspace: { value: workspace }, channel: { value: channel } }
  const own = destinationsOf(call, alert)
  if (own.some((destination) => stableJson(destination['target']) === stableJson([workspace, channel]))) {
    throw invalid(null, 'This destination is already configured for this alert.')
  }
  if (own.length >= MAX_DESTINATIONS) {
    throw invalid(null, `An alert can have at most ${MAX_DESTINATIONS} destinations.`)
  }
  const body = {
    type: 'internal_destination',
    name: `${String(alert['name'])}: Slack`,
    enabled: true,
    hog: 'return event',
    template_id: 'template-slack',
    inputs,
    filters: {
      events: [{ id: EVENT, type: 'events' }],
      properties: [{ key: 'alert_id', value: alert.id, operator: 'exact', type: 'event' }],
    },
  }
  const created = await createRecord(hogFunctions, call, body)
  const members = { alert: alert.id, target: [workspace, channel] }
  return collectionOf(call.state, hogFunctions.kind).change(created.id, members).id
}

async function deleteDestinations(call: Call, alert: StoredRecord): Promise<void> {
  const { hog_function_ids } = readFields({ hog_function_ids: list({ required: true }) }, call.body)
  const ids = hog_function_ids as unknown[]
  if (ids.length === 0) throw invalid('hog_function_ids', 'This list may not be empty.', 'empty')
  const own = destinationsOf(call, alert).filter(({ id }) => ids.includes(id))
  if (own.length !== ids.length) throw invalid(null, 'One or more HogFunctions do not belong to this alert.')
  for (const destination of own) await changeRecord(hogFunctions, call, destination, { deleted: true })
}

function destinationsOf({ state }: Call, { id }: StoredRecord): StoredRecord[] {
  return collectionOf(state, hogFunctions.kind)
    .all()
    .filter((known) => known['alert'] === id && known['deleted'] !== true)
}
