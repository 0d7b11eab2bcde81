import {
  type ActCall,
  type ActWithCall,
  actCall,
  actWithCall,
  type ListOfCall,
  listOfCall,
  type ReadOfCall,
  readOfCall,
  type SendCall,
  sendCall,
} from './calls.ts'
import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from './verbs.ts'

const all = '/api/projects/{project_id}/hog_functions/'
const one = '/api/projects/{project_id}/hog_functions/{id}/'

/** A function that runs for events. */
export type HogFunction = AnswerOf<`GET ${typeof one}`>

/** Functions that run for events: destinations, transformations and others. They took the place of plugins. */
export interface HogFunctions extends Collection<typeof all, typeof one>, SoftDeletes<`PATCH ${typeof one}`> {
  /**
   * Runs a function once, as a test; `mock_async_functions` keeps its requests from being sent.
   *
   * @example
   * const { status, logs } = await posthog.hogFunctions.invoke(id, { configuration: {}, mock_async_functions: true })
   */
  invoke: ActWithCall<`POST ${typeof one}invocations/`>
  /** What a function logged, newest first. */
  logs: ListOfCall<`GET ${typeof one}logs/`>
  /** How often a function ran and failed, over time. */
  metrics: ReadOfCall<`GET ${typeof one}metrics/`>
  /** How often a function ran and failed, in all. */
  metricTotals: ReadOfCall<`GET ${typeof one}metrics/totals/`>
  /** Lets a function be run over events of the past. */
  enableBackfills: ActCall<`POST ${typeof one}enable_backfills/`>
  /** Puts transformations into another order. */
  rearrange: SendCall<`PATCH ${typeof all}rearrange/`>
}

/** Binds hog functions to a client. */
export const createHogFunctions: Resource<HogFunctions> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  invoke: actWithCall(api, `POST ${one}invocations/`),
  logs: listOfCall(api, `GET ${one}logs/`),
  metrics: readOfCall(api, `GET ${one}metrics/`),
  metricTotals: readOfCall(api, `GET ${one}metrics/totals/`),
  enableBackfills: actCall(api, `POST ${one}enable_backfills/`),
  rearrange: sendCall(api, `PATCH ${all}rearrange/`),
})
