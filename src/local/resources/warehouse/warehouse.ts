import { member } from '../../http/json.ts'
import type { Route } from '../../http/route.ts'
import type { ServerState } from '../../server-state.ts'
import { currentUser, USER } from '../../store/account.ts'
import type { CollectionKind, JsonRecord } from '../../store/collection.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { describeHogql } from '../query/run-hogql.ts'
import { TABLES } from './warehouse-kinds.ts'

const VIEWS: CollectionKind = {
  name: 'warehouse_saved_queries',
  ids: 'uuid',
  sample: ({ startedAt }) => [
    {
      id: '018d2a6e-0000-7000-8000-000000000201',
      name: 'purchases_by_plan',
      query: {
        kind: 'HogQLQuery',
        query: `select properties.plan as plan, count() as purchases, sum(properties.amount) as revenue
from events where event = 'purchase' group by plan`,
      },
      created_at: startedAt.toISOString(),
    },
  ],
}

const savedQueries: Resource = {
  kind: VIEWS,
  path: 'projects/:project/warehouse_saved_queries',
  object: 'warehouse_view',
  fields: {},
  systemFields: ['created_at', 'created_by'],
  operations: ['list', 'get'],
  deletion: 'refused',
  paging: 'page',
  search: ['name'],
  omitFromList: ['query', 'dag_id', 'edited_history_id', 'latest_history_id'],
  view: async ({ state }, { name, query }) => ({
    name,
    query,
    columns: await columnsOf(state, query),
    deleted: false,
    is_test: false,
    is_materialized: false,
    status: null,
    sync_frequency: null,
    last_run_at: null,
    latest_error: null,
    latest_history_id: null,
    expires_at: null,
    folder_id: null,
    folder_name: null,
    dag_id: null,
    edited_history_id: null,
    managed_viewset_kind: null,
    origin: 'data_warehouse',
  }),
}

const tables: Resource = {
  kind: TABLES,
  path: 'projects/:project/warehouse_tables',
  object: 'warehouse_table',
  fields: {},
  systemFields: ['created_at', 'created_by'],
  operations: ['list', 'get'],
  deletion: 'refused',
  search: ['name'],
  view: ({ state }, table) => {
    const { created_at } = table
    return {
      name: table['name'],
      format: table['format'],
      url_pattern: table['url_pattern'],
      deleted: false,
      options: {},
      columns: Object.entries(table['columns'] as JsonRecord).map(([name, type]) => column(name, type)),
      // PostHog never shows the key and secret of a credential.
      credential: {
        id: table['credential'],
        created_by: currentUser(state),
        created_at,
        access_key: '',
        access_secret: '',
      },
      external_data_source: {
        id: table['source'],
        created_at,
        created_by: USER.id,
        status: 'Completed',
        source_type: 'Stripe',
      },
      external_schema: {
        id: table['schema'],
        name: 'Invoice',
        should_sync: true,
        last_synced_at: created_at,
      },
    }
  },
}

/** Saved queries and tables of the data warehouse. They are read-only here. */
export const warehouseRoutes: readonly Route[] = [...resourceRoutes(savedQueries), ...resourceRoutes(tables)]

async function columnsOf(state: ServerState, query: unknown): Promise<JsonRecord[]> {
  const sql = String(member(query, 'query'))
  const columns = state.engine.available ? await describeHogql(state, sql, new Map()) : []
  return columns.map(({ name, type }) => column(name, type))
}

function column(name: string, type: unknown): JsonRecord {
  return { key: name, name, type, schema_valid: true, table: null, fields: null, chain: null }
}
