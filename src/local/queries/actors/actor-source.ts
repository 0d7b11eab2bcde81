import { invalid, notImplemented } from '../../http/api-error.ts'
import { describeHogql } from '../../resources/query/run-hogql.ts'
import { hogqlName } from '../hogql-values.ts'
import type { QueryContext } from '../query-context.ts'

/**
 * HogQL of the ids of the persons of a source. A HogQLQuery needs a column named `person_id` or `actor_id`, or with
 * `id` in its name.
 *
 * @throws ApiError 501 for a source that the local PostHog does not compute.
 */
export async function sourceSql(
  source: Readonly<Record<string, unknown>>,
  context: QueryContext,
): Promise<string> {
  if (source['kind'] !== 'HogQLQuery') throw notImplemented(`the actors of ${sourceName(source)}`)
  const sql = String(source['query'])
  const columns = await describeHogql(context.state, sql, new Map())
  const names = columns.map(({ name }) => name)
  const id =
    ['group_key', 'actor_id', 'person_id'].find((name) => names.includes(name)) ??
    names.find((name) => name.toLowerCase().includes('id'))
  if (id === undefined) throw invalid('query', 'Source query must have an id column')
  return `SELECT ${hogqlName(id)} FROM (${sql.replace(/;\s*$/, '')}\n)`
}

function sourceName(source: Readonly<Record<string, unknown>>): string {
  const inner = source['source']
  const kind = typeof inner === 'object' && inner !== null && 'kind' in inner ? inner.kind : source['kind']
  return String(kind)
}
