import { AI_EVENTS } from './ai-events-table.ts'
import { EMPTY_TABLES } from './empty-tables.ts'
import { EVENTS, groupTableName } from './events-table.ts'
import { parseFields } from './field-table.ts'
import { OBSERVABILITY_TABLES } from './observability-tables.ts'
import { groupsOfType, PERSON_TABLES } from './person-tables.ts'
import { SESSION_TABLES } from './session-tables.ts'
import { SYSTEM_TABLES } from './system-tables.ts'
import type { Table } from './table.ts'

/** The table function `numbers`. */
const NUMBERS: Table = {
  name: 'numbers',
  source: { kind: 'function', min: 1, max: 2 },
  fields: parseFields('number Integer'),
}

const LISTED = [
  EVENTS,
  ...PERSON_TABLES,
  ...SESSION_TABLES,
  ...OBSERVABILITY_TABLES,
  ...SYSTEM_TABLES,
  AI_EVENTS,
  ...EMPTY_TABLES,
  NUMBERS,
]
/** Tables that only joins use. */
const INTERNAL = [0, 1, 2, 3, 4].map((index) => groupsOfType(groupTableName(index), index))
const TABLES: ReadonlyMap<string, Table> = new Map(
  [...LISTED, ...INTERNAL].map((table) => [table.name, table]),
)

/**
 * The table with a name, such as `events`, `posthog.events` or `system.cohorts`. PostHog tells upper and lower case
 * apart.
 */
export function findTable(name: string): Table | undefined {
  return TABLES.get(name) ?? TABLES.get(shortTableName(name))
}

/** Names of all tables that a query can read. */
export function tableNames(): readonly string[] {
  return LISTED.map(({ name }) => name)
}

/**
 * The name without the prefix `posthog.`, which all tables but `system` and table functions may have.
 *
 * @see PostHog/posthog posthog/hogql/database/database.py
 */
export function shortTableName(name: string): string {
  return name.replace(/^posthog\.(?!system\.|numbers$|posthog\.)/, '')
}
