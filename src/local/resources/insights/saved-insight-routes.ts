import { isObject } from '../../../shared/is-object.ts'
import { invalid, notFound } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { findRecord, recordsOf, recordView } from '../../store/records.ts'
import {
  actionRoute,
  listActivityRoute,
  recordActivityRoute,
  resourceRoutes,
} from '../../store/resource-routes.ts'
import { sessionOnlyRoute } from '../../store/session-routes.ts'
import { sharingRoutes } from '../../store/sharing-routes.ts'
import { alerts } from '../alerts/alerts.ts'
import { insights } from './saved-insights.ts'

const INSIGHT = `${insights.path}/:id`
const THRESHOLDS = `${INSIGHT}/thresholds`

/** The thresholds of an insight's alerts. */
const thresholdRoutes: readonly Route[] = [
  actionRoute('GET', THRESHOLDS, 'insight:read', listThresholds, 'clickhouse'),
  actionRoute('GET', `${THRESHOLDS}/:threshold`, 'insight:read', getThreshold, 'clickhouse'),
]

/** Saved insights with their activity, sharing and thresholds. */
export const savedInsightRoutes: readonly Route[] = [
  sessionOnlyRoute('POST', `${insights.path}/bulk_update_tags`),
  listActivityRoute(insights),
  sessionOnlyRoute('POST', `${insights.path}/cancel`),
  actionRoute('POST', `${insights.path}/generate_metadata`, 'insight:write', refuseAi),
  ...resourceRoutes(insights),
  sessionOnlyRoute('GET', `${INSIGHT}/analyze`),
  sessionOnlyRoute('GET', `${INSIGHT}/suggestions`),
  recordActivityRoute(insights),
  ...sharingRoutes({
    path: INSIGHT,
    kind: 'insight',
    throttle: 'clickhouse',
    idOf: (call) => findRecord(insights, call).id,
  }),
  ...thresholdRoutes,
]

function refuseAi(): never {
  throw invalid(null, 'The local PostHog has no AI and does not support generated names.')
}

async function listThresholds(call: Call): Promise<Response> {
  return jsonResponse(200, offsetPage(await thresholdsOf(call), call.url, call.state.pageSize))
}

async function getThreshold(call: Call): Promise<Response> {
  const thresholds = await thresholdsOf(call)
  const threshold = thresholds.find(({ id }) => id === call.params['threshold'])
  if (threshold === undefined) throw notFound()
  return jsonResponse(200, threshold)
}

async function thresholdsOf(call: Call): Promise<JsonRecord[]> {
  const insight = findRecord(insights, call)
  const alertsOfInsight = recordsOf(alerts, call)
    .all()
    .filter((alert) => alert['insight'] === insight.id)
  return (await Promise.all(alertsOfInsight.map((alert) => withAlert(call, alert)))).flat()
}

async function withAlert(call: Call, alert: StoredRecord): Promise<JsonRecord[]> {
  const { threshold } = alert
  return isObject(threshold) ? [{ ...threshold, alerts: [await recordView(alerts, call, alert)] }] : []
}
