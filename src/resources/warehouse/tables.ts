import { actCall, listCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import type { Gets, Lists, Resource } from '../verbs.ts'

const all = '/api/projects/{project_id}/warehouse_tables/'
const one = '/api/projects/{project_id}/warehouse_tables/{id}/'

/** A table of the data warehouse. */
export type WarehouseTable = AnswerOf<`GET ${typeof one}`>

/** Tables of the data warehouse. Unstable: PostHog changes them often, so they can only be read here. */
export interface WarehouseTables extends Lists<`GET ${typeof all}`>, Gets<`GET ${typeof one}`> {}

/** Binds tables of the data warehouse to a client. */
export const createWarehouseTables: Resource<WarehouseTables> = (api) => ({
  list: listCall(api, `GET ${all}`),
  get: actCall(api, `GET ${one}`),
})
