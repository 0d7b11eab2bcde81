import { notFound } from '../../http/api-error.ts'
import { isObject, jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord, StoredRecord } from '../../store/collection.ts'
import { findRecord, recordsOf, recordView } from '../../store/records.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { alerts } from '../alerts/alerts.ts'
import { insights } from './saved-insights.ts'

const PATH = `${insights.path}/:id/thresholds`

/** The thresholds of the alerts on an insight. */
export const thresholdRoutes: readonly Route[] = [
  actionRoute('GET', PATH, 'insight:read', list, 'clickhouse'),
  actionRoute('GET', `${PATH}/:threshold`, 'insight:read', show, 'clickhouse'),
]

async function list(call: Call): Promise<Response> {
  return jsonResponse(200, offsetPage(await thresholdsOf(call), call.url, call.world.pageSize))
}

async function show(call: Call): Promise<Response> {
  const thresholds = await thresholdsOf(call)
  const threshold = thresholds.find(({ id }) => id === call.params['threshold'])
  if (threshold === undefined) throw notFound()
  return jsonResponse(200, threshold)
}

async function thresholdsOf(call: Call): Promise<JsonRecord[]> {
  const insight = findRecord(insights, call)
  const own = recordsOf(alerts, call)
    .all()
    .filter((alert) => alert['insight'] === insight.id)
  return (await Promise.all(own.map((alert) => withAlert(call, alert)))).flat()
}

async function withAlert(call: Call, alert: StoredRecord): Promise<JsonRecord[]> {
  const { threshold } = alert
  return isObject(threshold) ? [{ ...threshold, alerts: [await recordView(alerts, call, alert)] }] : []
}
