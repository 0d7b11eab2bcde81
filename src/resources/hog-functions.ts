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

const hogFunctions = '/api/projects/{project_id}/hog_functions/'
const hogFunction = '/api/projects/{project_id}/hog_functions/{id}/'

/** A function that runs for events. */
export type HogFunction = AnswerOf<`GET ${typeof hogFunction}`>

/** Functions that run for events: destinations, transformations and others. They took the place of plugins. */
export interface HogFunctions
  extends Collection<typeof hogFunctions, typeof hogFunction>,
    SoftDeletes<`PATCH ${typeof hogFunction}`> {
  /**
   * Runs a function once, as a test; `mock_async_functions` keeps its requests from being sent.
   *
   * @example
   * const { status, logs } = await posthog.hogFunctions.invoke(id, { configuration: {}, mock_async_functions: true })
   */
  invoke: ActWithCall<`POST ${typeof hogFunction}invocations/`>
  /** What a function logged, newest first. */
  logs: ListOfCall<`GET ${typeof hogFunction}logs/`>
  /** How often a function ran and failed, over time. */
  metrics: ReadOfCall<`GET ${typeof hogFunction}metrics/`>
  /** How often a function ran and failed, in all. */
  metricTotals: ReadOfCall<`GET ${typeof hogFunction}metrics/totals/`>
  /** Lets a function be run over events of the past. */
  enableBackfills: ActCall<`POST ${typeof hogFunction}enable_backfills/`>
  /** Puts transformations into another order. */
  rearrange: SendCall<`PATCH ${typeof hogFunctions}rearrange/`>
}

/** Binds hog functions to a client. */
export const createHogFunctions: Resource<HogFunctions> = (api) => ({
  ...collection(api, hogFunctions, hogFunction),
  ...softDeletes(api, hogFunction),
  invoke: actWithCall(api, `POST ${hogFunction}invocations/`),
  logs: listOfCall(api, `GET ${hogFunction}logs/`),
  metrics: readOfCall(api, `GET ${hogFunction}metrics/`),
  metricTotals: readOfCall(api, `GET ${hogFunction}metrics/totals/`),
  enableBackfills: actCall(api, `POST ${hogFunction}enable_backfills/`),
  rearrange: sendCall(api, `PATCH ${hogFunctions}rearrange/`),
})
