import { member } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import { USER } from '../../store/account.ts'
import type { StoredRecord } from '../../store/collection.ts'
import { tilesOfInsight } from '../dashboards/tiles.ts'

type Test = (insight: StoredRecord, value: string, call: Call) => boolean

const KINDS: Readonly<Record<string, string>> = {
  TRENDS: 'TrendsQuery',
  FUNNELS: 'FunnelsQuery',
  RETENTION: 'RetentionQuery',
  PATHS: 'PathsQuery',
  STICKINESS: 'StickinessQuery',
  LIFECYCLE: 'LifecycleQuery',
  SQL: 'HogQLQuery',
}

const TESTS: Readonly<Record<string, Test>> = {
  short_id: (insight, value) => insight['short_id'] === value,
  saved: (insight, value, { world }) =>
    isTrue(value) === (insight['saved'] === true || tilesOfInsight(world, Number(insight.id)).length > 0),
  favorited: (insight, value) => !isTrue(value) || insight['favorited'] === true,
  user: (_, value) => !isTrue(value) || USER.id > 0,
  created_by: (_, value) => listOf(value).includes(String(USER.id)),
  tags: (insight, value) => listOf(value).some((tag) => (insight['tags'] as unknown[]).includes(tag)),
  dashboards: (insight, value, { world }) => {
    const on = tilesOfInsight(world, Number(insight.id)).map((tile) => String(tile['dashboard_id']))
    return listOf(value).every((dashboard) => on.includes(dashboard))
  },
  insight: (insight, value) => value === 'ALL' || kindOf(insight['query']) === (KINDS[value] ?? value),
  created_date_from: (insight, value) => Date.parse(String(insight['created_at'])) >= Date.parse(value),
  created_date_to: (insight, value) => Date.parse(String(insight['created_at'])) <= Date.parse(value),
}

/** Leaves only the insights that the parameters of a list want. */
export function filterInsights(call: Call, insights: readonly StoredRecord[]): readonly StoredRecord[] {
  const asked = Object.entries(TESTS).flatMap(([name, test]) => {
    const value = call.url.searchParams.get(name)
    return value === null || value === '' ? [] : [{ test, value }]
  })
  return insights.filter((insight) => asked.every(({ test, value }) => test(insight, value, call)))
}

function isTrue(value: string): boolean {
  return ['true', '1'].includes(value.toLowerCase())
}

/** A JSON list, or values with commas between them. */
function listOf(value: string): string[] {
  try {
    const parsed: unknown = JSON.parse(value)
    return (Array.isArray(parsed) ? parsed : [parsed]).map(String)
  } catch {
    return value.split(',').map((one) => one.trim())
  }
}

function kindOf(query: unknown): unknown {
  const source = member(query, 'source')
  return source === undefined ? member(query, 'kind') : kindOf(source)
}
