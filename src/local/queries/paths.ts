import { isObject } from '../../shared/is-object.ts'
import { notImplemented } from '../http/api-error.ts'
import { member } from '../http/json.ts'
import { allOf, anyOf } from './hogql-values.ts'
import { expressionHogql } from './property-hogql.ts'
import {
  type QueryContext,
  queryRange,
  rangeFilters,
  refuseOptions,
  rowsOf,
  samplingFactor,
  scaleSample,
} from './query-context.ts'
import type { QueryResult } from './query-run.ts'

const DEFAULT_STEPS = 5
const DEFAULT_EDGES = 50
/** Milliseconds without an event after which a new path starts. */
const SESSION_GAP = 30 * 60 * 1_000

/** A step of a path. */
interface PathStep {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly item: string
}

/**
 * Computes a PathsQuery: how often actors go from one step to the next, and how long it takes.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/paths/paths_query_runner.py
 */
export async function computePaths(context: QueryContext): Promise<QueryResult> {
  const { query } = context
  refuseOptions(query, ['funnelPathsFilter'])
  if (typeof query['aggregation_group_type_index'] === 'number')
    throw notImplemented('a PathsQuery of groups')
  const filter = query['pathsFilter']
  const edges = new Map<string, { source: string; target: string; count: number; milliseconds: number }>()
  for (const [times, items] of await rowsOf(context, pathsSql(context))) {
    const steps = zip(times, items)
    for (const session of sessionsOf(steps)) {
      const path = cutPath(withoutRepeats(session), filter)
      path.slice(1).forEach((step, index) => {
        const before = path[index]
        if (before === undefined) return
        const [source, target] = [`${index + 1}_${before.item}`, `${index + 2}_${step.item}`]
        const key = JSON.stringify([source, target])
        const edge = edges.get(key) ?? { source, target, count: 0, milliseconds: 0 }
        edge.count += 1
        edge.milliseconds += step.time - before.time
        edges.set(key, edge)
      })
    }
  }
  const min = Number(member(filter, 'minEdgeWeight') ?? 0)
  const max = Number(member(filter, 'maxEdgeWeight') ?? 0) || Number.POSITIVE_INFINITY
  const sorted = [...edges.values()]
    .filter(({ count }) => count >= min && count <= max)
    .sort((a, b) => b.count - a.count || compare(a.source, b.source) || compare(a.target, b.target))
    .slice(0, Number(member(filter, 'edgeLimit') ?? 0) || DEFAULT_EDGES)
  const results = connected(sorted).map(({ source, target, count, milliseconds }) => ({
    source,
    target,
    value: scaleSample(count, samplingFactor(query)),
    average_conversion_time: milliseconds / count,
  }))
  return { results }
}

/** HogQL of the steps of each person, in order of time: the times, the items. */
function pathsSql(context: QueryContext): string {
  const { query, values } = context
  const filter = query['pathsFilter']
  const item = groupedItem(cleanedItem(itemHogql(context), context), context)
  const excluded = listOf(filter, 'excludeEvents')
  const types = listOf(filter, 'includeEventTypes')
  const events = types.flatMap((type) => {
    if (type === '$pageview' || type === '$screen') return [`event = '${type}'`]
    return type === 'custom_event' ? [`NOT startsWith(event, '$')`] : []
  })
  const range = queryRange(context, 'day')
  const where = allOf([...rangeFilters(context, range), ...(events.length === 0 ? [] : [anyOf(events)])])
  // As in PostHog, exclusions need a choice of types.
  const isKept = types.length > 0 && excluded.length > 0 ? `WHERE NOT has(${values.add(excluded)}, item)` : ''
  const rows = `SELECT person_id, toUnixTimestamp64Milli(timestamp) AS time, ${item} AS item FROM events WHERE ${where} ORDER BY timestamp`
  return `SELECT groupArray(time) AS times, groupArray(item) AS items FROM (SELECT person_id, time, item FROM (${rows}) ${isKept} ORDER BY time) GROUP BY person_id LIMIT 50000`
}

function itemHogql({ query }: QueryContext): string {
  const filter = query['pathsFilter']
  const types = listOf(filter, 'includeEventTypes')
  const excluded = listOf(filter, 'excludeEvents')
  const shows = (type: string): boolean =>
    types.length === 0 ? !excluded.includes(type) : types.includes(type)
  const expression = member(filter, 'pathsHogQLExpression')
  let item = 'event'
  if (shows('hogql') && typeof expression === 'string' && expression !== '')
    item = expressionHogql(expression)
  if (shows('$pageview')) {
    item = `if(event = '$pageview', replaceRegexpAll(ifNull(properties.$current_url, ''), '(.)/$', '\\\\1'), ${item})`
  }
  if (shows('$screen')) item = `if(event = '$screen', properties.$screen_name, ${item})`
  return `ifNull(${item}, '')`
}

function cleanedItem(item: string, { query, project, values }: QueryContext): string {
  const filter = query['pathsFilter']
  const local = member(filter, 'localPathCleaningFilters')
  const rules = [
    ...(member(filter, 'pathReplacements') === true ? project.pathCleaning : []),
    ...(Array.isArray(local) ? local.filter(isObject) : []),
  ]
  return rules.reduce<string>(
    (text, { regex, alias }) =>
      `replaceRegexpAll(${text}, ${values.add(String(regex ?? ''))}, ${values.add(String(alias ?? ''))})`,
    item,
  )
}

/** Items that match a grouping, such as `/product/*`, become the grouping. */
function groupedItem(item: string, { query, values }: QueryContext): string {
  const groupings = listOf(query['pathsFilter'], 'pathGroupings').map(String)
  if (groupings.length === 0) return item
  const branches = groupings.map((grouping) => {
    const regex = grouping.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replace(/\*/g, '.*')
    return `match(${item}, ${values.add(regex)}), ${values.add(grouping)}`
  })
  return `multiIf(${branches.join(', ')}, ${item})`
}

function listOf(filter: unknown, name: string): unknown[] {
  const value = member(filter, name)
  return Array.isArray(value) ? value : []
}

function zip(times: unknown, items: unknown): PathStep[] {
  const texts = Array.isArray(items) ? items : []
  return (Array.isArray(times) ? times : []).map((time, index) => ({
    time: Number(time),
    item: String(texts[index]),
  }))
}

function sessionsOf(steps: readonly PathStep[]): PathStep[][] {
  const sessions: PathStep[][] = []
  for (const step of steps) {
    const current = sessions.at(-1)
    const last = current?.at(-1)
    if (current !== undefined && last !== undefined && step.time - last.time < SESSION_GAP) current.push(step)
    else sessions.push([step])
  }
  return sessions
}

/** Keeps the last of equal steps in a row. */
function withoutRepeats(steps: readonly PathStep[]): PathStep[] {
  return steps.filter((step, index) => step.item !== (steps[index + 1]?.item ?? ''))
}

/** The part of a path that a query shows: from its start point, up to its end point, of limited length. */
function cutPath(path: readonly PathStep[], filter: unknown): PathStep[] {
  const limit = Number(member(filter, 'stepLimit') ?? 0) || DEFAULT_STEPS
  const [start, end] = ['startPoint', 'endPoint'].map((name) => {
    const point = member(filter, name)
    return typeof point === 'string' && point !== '' ? point : undefined
  })
  const indexOf = (steps: readonly PathStep[], item: string): number =>
    steps.findIndex((step) => step.item === item)
  if (start !== undefined && end !== undefined) {
    const from = indexOf(path, start)
    const after = from < 0 ? [] : path.slice(from)
    const to = indexOf(after, end)
    return to < 0 ? [] : shorten(after.slice(0, to + 1), limit)
  }
  // A single point is compared without a slash at its end.
  const point = (end ?? start)?.replace(/(.)\/$/, '$1')
  if (point === undefined) return path.slice(0, limit)
  const at = indexOf(path, point)
  if (at < 0) return []
  return end === undefined ? path.slice(at, at + limit) : path.slice(0, at + 1).slice(-limit)
}

/** Replaces the middle of a long path with `...`. */
function shorten(path: readonly PathStep[], limit: number): PathStep[] {
  const half = Math.floor(limit / 2)
  if (path.length <= limit) return [...path]
  return [...path.slice(0, half), { time: path[half]?.time ?? 0, item: '...' }, ...path.slice(-half)]
}

/** The edges that can be reached from the first step. */
function connected<T extends { readonly source: string; readonly target: string }>(edges: readonly T[]): T[] {
  const reached = new Set(edges.map(({ source }) => source).filter((source) => source.startsWith('1_')))
  let size = -1
  while (size !== reached.size) {
    size = reached.size
    for (const { source, target } of edges) if (reached.has(source)) reached.add(target)
  }
  return edges.filter(({ source }) => reached.has(source))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
