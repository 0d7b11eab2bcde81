import { isObject } from '../../shared/is-object.ts'
import { sha256 } from '../files.ts'
import { type FailLock, lockFailure, parseLockObject } from '../lock-file.ts'
import { byCodeUnit } from '../source-text.ts'
import type { ColumnsQuery } from './columns-query.ts'

/** A column of a query, with the ClickHouse type that PostHog reports. */
export interface QueryColumn {
  readonly name: string
  readonly type: string
}

/** A query file at the time of the pull. */
export interface LockedQuery {
  readonly file: string
  /** SHA-256 of what PostHog was asked. */
  readonly hash: string
  readonly columns: readonly QueryColumn[]
}

/** The content of `posthog.queries.lock.json`. */
export interface QueriesLock {
  readonly lockfileVersion: 1
  readonly host: string
  readonly projectId: string
  /** Query files by the name of their function. */
  readonly queries: Readonly<Record<string, LockedQuery>>
  /** Columns of `hogql` literals in the source, by the SHA-256 of what PostHog was asked. */
  readonly literals: Readonly<Record<string, readonly QueryColumn[]>>
}

/** The hash of what PostHog is asked about a query. A comment or a name does not change it. */
export function hashOfQuery({ query, values }: ColumnsQuery): string {
  const sorted = Object.entries(values).sort(([a], [b]) => byCodeUnit(a, b))
  return sha256(JSON.stringify([query, sorted]))
}

/** Returns the columns of all queries and literals by hash. */
export function columnsByHash({
  queries,
  literals,
}: QueriesLock): ReadonlyMap<string, readonly QueryColumn[]> {
  return new Map([
    ...Object.entries(literals),
    ...Object.values(queries).map(({ hash, columns }) => [hash, columns] as const),
  ])
}

/** Renders a lock as sorted JSON. */
export function renderQueriesLock({
  lockfileVersion,
  host,
  projectId,
  queries,
  literals,
}: QueriesLock): string {
  const sortedQueries = sortedObject(queries, ({ file, hash, columns }) => ({
    file,
    hash,
    columns: columns.map(plainColumn),
  }))
  const sortedLiterals = sortedObject(literals, (columns) => columns.map(plainColumn))
  const lock = { lockfileVersion, host, projectId, queries: sortedQueries, literals: sortedLiterals }
  return `${JSON.stringify(lock, null, 2)}\n`
}

function sortedObject<Value, Rendered>(
  object: Readonly<Record<string, Value>>,
  render: (value: Value) => Rendered,
): Record<string, Rendered> {
  const entries = Object.entries(object).sort(([a], [b]) => byCodeUnit(a, b))
  return Object.fromEntries(entries.map(([name, value]) => [name, render(value)]))
}

function plainColumn({ name, type }: QueryColumn): QueryColumn {
  return { name, type }
}

/**
 * Parses a lock file.
 *
 * @throws LockError when the file is not a lock or has merge conflicts
 */
export function parseQueriesLock(text: string, file: string): QueriesLock {
  const fail: FailLock = lockFailure(file, 'typehog queries pull')
  const { host, projectId, queries, literals } = parseLockObject(text, fail)
  if (typeof host !== 'string') return fail('/host', 'is not a string')
  if (typeof projectId !== 'string') return fail('/projectId', 'is not a string')
  if (!isObject(queries)) return fail('/queries', 'is not a JSON object')
  if (!isObject(literals)) return fail('/literals', 'is not a JSON object')
  const locked = Object.entries(queries).map(([name, query]): [string, LockedQuery] => {
    if (!isLockedQuery(query)) return fail(`/queries/${name}`, 'is invalid')
    return [name, query]
  })
  const known = Object.entries(literals).map(([hash, columns]): [string, readonly QueryColumn[]] => {
    if (!isColumns(columns)) return fail(`/literals/${hash}`, 'is invalid')
    return [hash, columns]
  })
  return {
    lockfileVersion: 1,
    host,
    projectId,
    queries: Object.fromEntries(locked),
    literals: Object.fromEntries(known),
  }
}

function isLockedQuery(value: unknown): value is LockedQuery {
  if (!isObject(value)) return false
  const { file, hash, columns } = value
  return typeof file === 'string' && typeof hash === 'string' && isColumns(columns)
}

function isColumns(value: unknown): value is readonly QueryColumn[] {
  if (!Array.isArray(value)) return false
  return value.every(
    (column) => isObject(column) && typeof column['name'] === 'string' && typeof column['type'] === 'string',
  )
}
