import { parseFields } from './field-table.ts'
import { ANALYTICS_FIELDS } from './system-analytics-fields.ts'
import { DATA_FIELDS } from './system-data-fields.ts'
import type { Table } from './table.ts'

/** Tables of `system`: the records of PostHog's own database, with their full names. */
export const SYSTEM_TABLES: readonly Table[] = Object.entries({ ...ANALYTICS_FIELDS, ...DATA_FIELDS }).map(
  ([name, fields]) => ({
    name: `system.${name}`,
    source: { kind: 'records', name: `system.${name}` },
    fields: parseFields(fields),
  }),
)
