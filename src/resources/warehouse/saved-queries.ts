import { actCall, listCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import type { Gets, Lists, Resource } from '../verbs.ts'

const savedQueries = '/api/projects/{project_id}/warehouse_saved_queries/'
const savedQuery = '/api/projects/{project_id}/warehouse_saved_queries/{id}/'

/** A view of the data warehouse. */
export type WarehouseSavedQuery = AnswerOf<`GET ${typeof savedQuery}`>

/** Views of the data warehouse. Unstable: PostHog changes them often, so they can only be read here. */
export interface WarehouseSavedQueries
  extends Lists<`GET ${typeof savedQueries}`>,
    Gets<`GET ${typeof savedQuery}`> {}

/** Binds views of the data warehouse to a client. */
export const createWarehouseSavedQueries: Resource<WarehouseSavedQueries> = (api) => ({
  list: listCall(api, `GET ${savedQueries}`),
  get: actCall(api, `GET ${savedQuery}`),
})
