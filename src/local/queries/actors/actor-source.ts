import { isObject } from '../../../shared/is-object.ts'
import { invalid, notImplemented } from '../../http/api-error.ts'
import { describeHogql } from '../../resources/query/run-hogql.ts'
import { hogqlName } from '../hogql-values.ts'
import type { QueryContext } from '../query-context.ts'
import { unwrapQuery } from '../unwrap-query.ts'
import { funnelActorIds } from './funnel-actors.ts'
import { trendActors } from './trend-actors.ts'

/**
 * HogQL of the ids of the persons of a source: a HogQLQuery with a column of ids, a series of a trend on a day, or a
 * step of a funnel.
 *
 * @throws ApiError 501 for a source that the local PostHog does not compute.
 */
export async function sourceSql(
  source: Readonly<Record<string, unknown>>,
  context: QueryContext,
): Promise<string> {
  const { kind } = source
  if (kind === 'HogQLQuery') return idsOfHogql(source, context)
  if (!isObject(source['source'])) throw notImplemented(`the actors of ${String(kind)}`)
  const query = unwrapQuery(source['source'])
  const inner = { ...context, query }
  if (kind === 'InsightActorsQuery' && query.kind === 'TrendsQuery') return trendActors(source, inner)
  if (kind === 'FunnelsActorsQuery' && query.kind === 'FunnelsQuery') {
    const ids = await funnelActorIds(source, inner)
    if (ids.length === 0) return 'SELECT id FROM persons WHERE 1 = 2'
    return `SELECT toUUID(arrayJoin(splitByChar(',', ${context.values.add(ids.join(','))})))`
  }
  throw notImplemented(`the actors of ${query.kind}`)
}

async function idsOfHogql(source: Readonly<Record<string, unknown>>, context: QueryContext): Promise<string> {
  const sql = String(source['query'])
  const columns = await describeHogql(context.state, sql, new Map())
  const names = columns.map(({ name }) => name)
  const id =
    ['group_key', 'actor_id', 'person_id'].find((name) => names.includes(name)) ??
    names.find((name) => name.toLowerCase().includes('id'))
  if (id === undefined) throw invalid('query', 'Source query must have an id column')
  return `SELECT ${hogqlName(id)} FROM (${sql.replace(/;\s*$/, '')}\n)`
}
