import { listLiteral, stringLiteral } from '../../engine/sql-values.ts'
import { CHANNEL_TABLES, KNOWN_SITES, UNLISTED_SITES } from '../functions/channels.ts'
import type { Sql } from './sql.ts'

/** Code of the engine's error for a site that is not in the local tables. */
export const UNKNOWN_CHANNEL: string = 'function_throw_if_value_is_non_zero'

const MESSAGE =
  'The local PostHog knows the channels of a few well-known sites only. Leave out $channel_type and the fields that ' +
  'depend on it, or use other referring domains and UTM sources'

/** Compiles `lookupDomainType` and its siblings. A site that the local tables do not know fails the query. */
export function compileChannelLookup(name: string, argument: Sql): Sql | undefined {
  const lookup = Object.hasOwn(CHANNEL_TABLES, name) ? CHANNEL_TABLES[name] : undefined
  if (lookup === undefined) return undefined
  const key = `ifNull(toString(${argument.sql}), '')`
  const [keys, values] = [lookup.table.map(([from]) => from), lookup.table.map(([, to]) => to)]
  const find = (text: string): string =>
    `nullIf(transform(${text}, ${listLiteral(keys)}, ${listLiteral(values)}, ''), '')`
  if (!lookup.isSite) return { sql: find(key), type: 'String', nullable: true }
  // As in PostHog, a subdomain has the kind of its domain unless it has one of its own.
  const domain = `cutToFirstSignificantSubdomain(${key})`
  const known = listLiteral(['', ...KNOWN_SITES, ...UNLISTED_SITES])
  const unknown = `and(not(has(${known}, ${key})), or(${domain} = '', not(has(${known}, ${domain}))))`
  const sql = `if(toBool(throwIf(${unknown}, ${stringLiteral(MESSAGE)})), NULL, coalesce(${find(key)}, ${find(domain)}))`
  return { sql, type: 'String', nullable: true }
}
