import { listMethod, method } from './methods.ts'
import type { ResponseOf } from './requester.ts'
import type { Listable, Readable, Resource } from './verbs.ts'

const savedQueries = '/api/projects/{project_id}/warehouse_saved_queries/'
const savedQuery = '/api/projects/{project_id}/warehouse_saved_queries/{id}/'

/** A view of the data warehouse. */
export type WarehouseSavedQuery = ResponseOf<`GET ${typeof savedQuery}`>

/** Views of the data warehouse. Unstable: PostHog changes them often, so they can only be read here. */
export interface WarehouseSavedQueries
  extends Listable<`GET ${typeof savedQueries}`>,
    Readable<`GET ${typeof savedQuery}`> {}

/** Binds views of the data warehouse to a client. */
export const createWarehouseSavedQueries: Resource<WarehouseSavedQueries> = (api) => ({
  list: listMethod(api, `GET ${savedQueries}`, 'query?'),
  get: method(api, `GET ${savedQuery}`, 'id'),
})

const tables = '/api/projects/{project_id}/warehouse_tables/'
const table = '/api/projects/{project_id}/warehouse_tables/{id}/'

/** A table of the data warehouse. */
export type WarehouseTable = ResponseOf<`GET ${typeof table}`>

/** Tables of the data warehouse. Unstable: PostHog changes them often, so they can only be read here. */
export interface WarehouseTables extends Listable<`GET ${typeof tables}`>, Readable<`GET ${typeof table}`> {}

/** Binds tables of the data warehouse to a client. */
export const createWarehouseTables: Resource<WarehouseTables> = (api) => ({
  list: listMethod(api, `GET ${tables}`, 'query?'),
  get: method(api, `GET ${table}`, 'id'),
})
