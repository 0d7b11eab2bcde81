import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { writeJson } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import { collectionOf, type JsonRecord, type StoredRecord } from '../../store/collection.ts'
import { DASHBOARDS, INSIGHTS } from '../../store/kinds.ts'
import { tilesOfDashboard } from '../dashboards/tiles.ts'
import { computeQuery, insightResult } from '../insights/compute-insight.ts'
import type { InsightResult } from '../insights/insight-result.ts'

/**
 * Creates the content of an export.
 *
 * @throws ApiError 400 for formats other than CSV and JSON.
 */
export async function exportContent(state: ServerState, asset: JsonRecord): Promise<string> {
  const format = asset['export_format']
  if (format !== 'text/csv' && format !== 'application/json') {
    throw invalid(null, `The local PostHog exports only text/csv and application/json, got ${String(format)}`)
  }
  const results = await resultsOf(state, asset)
  if (format === 'application/json')
    return writeJson(results.length === 1 ? results[0]?.result : results.map(({ result }) => result))
  return results.map((result) => csvOf(result)).join('\n')
}

async function resultsOf(
  state: ServerState,
  { insight, dashboard, export_context }: JsonRecord,
): Promise<InsightResult[]> {
  if (typeof insight === 'number') return [await resultOf(state, insight)]
  if (typeof dashboard === 'number') {
    const tiles = tilesOfDashboard(state, dashboard).filter((tile) => typeof tile['insight'] === 'number')
    return Promise.all(tiles.map((tile) => resultOf(state, Number(tile['insight']))))
  }
  const source = isObject(export_context) ? export_context['source'] : undefined
  return [await computeQuery(state, source)]
}

async function resultOf(state: ServerState, id: number): Promise<InsightResult> {
  const query = collectionOf(state, INSIGHTS).get(id)?.['query']
  const { result } = await insightResult(state, id, query, 'blocking')
  if (result === undefined) throw invalid(null, 'The insight has no result')
  return result
}

function csvOf({ columns, result }: InsightResult): string {
  const rows = Array.isArray(result) ? result : []
  if (columns !== null) return lines([columns, ...rows.filter(Array.isArray)])
  const series = rows.filter(isObject)
  const labels = series.map((row) => (Array.isArray(row['labels']) ? row['labels'] : []))[0] ?? []
  const values = series.map((row) => [row['label'], ...(Array.isArray(row['data']) ? row['data'] : [])])
  return lines([['series', ...labels], ...values])
}

function lines(rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n')
}

function cell(value: unknown): string {
  const text =
    value === null || value === undefined ? '' : typeof value === 'string' ? value : writeJson(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The insight or dashboard of an export. */
export function exportSubject(
  state: ServerState,
  { insight, dashboard }: JsonRecord,
): StoredRecord | undefined {
  return collectionOf(state, INSIGHTS).get(insight) ?? collectionOf(state, DASHBOARDS).get(dashboard)
}
