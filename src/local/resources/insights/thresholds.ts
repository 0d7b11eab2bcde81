import { notFound } from '../../http/api-error.ts'
import { isObject, jsonResponse } from '../../http/json.ts'
import { offsetPage } from '../../http/page.ts'
import type { Call, Route } from '../../http/route.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { ALERTS } from '../../store/kinds.ts'
import { findRecord } from '../../store/records.ts'
import { actionRoute } from '../../store/resource-routes.ts'
import { alertView } from '../alerts/alerts.ts'
import { insights } from './saved-insights.ts'

const PATH = `${insights.path}/:id/thresholds`

/** The thresholds at which an insight's alerts go off. */
export const thresholdRoutes: readonly Route[] = [
  actionRoute('GET', PATH, 'insight:read', list, 'clickhouse'),
  actionRoute('GET', `${PATH}/:threshold`, 'insight:read', show, 'clickhouse'),
]

function list(call: Call): Response {
  return jsonResponse(200, offsetPage(thresholdsOf(call), call.url, call.world.pageSize))
}

function show(call: Call): Response {
  const threshold = thresholdsOf(call).find((one) => one['id'] === call.params['threshold'])
  if (threshold === undefined) throw notFound()
  return jsonResponse(200, threshold)
}

function thresholdsOf(call: Call): JsonRecord[] {
  const insight = findRecord(insights, call)
  const alerts = collectionOf(call.world, ALERTS)
    .all()
    .filter((alert) => alert['insight'] === insight.id)
  return alerts.flatMap((alert) => withAlert(call, alert))
}

function withAlert({ world }: Call, alert: StoredRecord): JsonRecord[] {
  const { threshold } = alert
  return isObject(threshold) ? [{ ...threshold, alerts: [alertView(world, alert)] }] : []
}
