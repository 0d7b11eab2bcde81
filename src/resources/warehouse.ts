import { listMethod, method } from './methods.ts'
import type { ResponseOf } from './requester.ts'
import type { Listable, Readable, Resource } from './verbs.ts'

const savedQueries = '/api/projects/{project_id}/warehouse_saved_queries/'
const savedQuery = '/api/projects/{project_id}/warehouse_saved_queries/{id}/'

/** A data warehouse view. */
export interface WarehouseSavedQuery extends ResponseOf<`GET ${typeof savedQuery}`> {}

/** Data warehouse views. Read-only and unstable: PostHog changes this API often. */
export interface WarehouseSavedQueries
  extends Listable<`GET ${typeof savedQueries}`>,
    Readable<`GET ${typeof savedQuery}`> {}

/** Creates the data warehouse views resource. */
export const createWarehouseSavedQueries: Resource<WarehouseSavedQueries> = (api) => ({
  list: listMethod(api, `GET ${savedQueries}`, 'query?'),
  get: method(api, `GET ${savedQuery}`, 'id'),
})

const tables = '/api/projects/{project_id}/warehouse_tables/'
const table = '/api/projects/{project_id}/warehouse_tables/{id}/'

/** A data warehouse table. */
export interface WarehouseTable extends ResponseOf<`GET ${typeof table}`> {}

/** Data warehouse tables. Read-only and unstable: PostHog changes this API often. */
export interface WarehouseTables extends Listable<`GET ${typeof tables}`>, Readable<`GET ${typeof table}`> {}

/** Creates the data warehouse tables resource. */
export const createWarehouseTables: Resource<WarehouseTables> = (api) => ({
  list: listMethod(api, `GET ${tables}`, 'query?'),
  get: method(api, `GET ${table}`, 'id'),
})
