import { actCall, listCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import type { Gets, Lists, Resource } from '../verbs.ts'

const tables = '/api/projects/{project_id}/warehouse_tables/'
const table = '/api/projects/{project_id}/warehouse_tables/{id}/'

/** A table of the data warehouse. */
export type WarehouseTable = AnswerOf<`GET ${typeof table}`>

/** Tables of the data warehouse. Unstable: PostHog changes them often, so they can only be read here. */
export interface WarehouseTables extends Lists<`GET ${typeof tables}`>, Gets<`GET ${typeof table}`> {}

/** Binds tables of the data warehouse to a client. */
export const createWarehouseTables: Resource<WarehouseTables> = (api) => ({
  list: listCall(api, `GET ${tables}`),
  get: actCall(api, `GET ${table}`),
})
