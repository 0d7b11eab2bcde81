import type { List } from '../runtime/paging/list.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import {
  type BodyMethod,
  type IdBodyMethod,
  type IdMethod,
  type IdQueryMethod,
  type ListMethod,
  listMethod,
  method,
  type NestedListMethod,
} from './methods.ts'
import type { CallOptions, ListItem, ListOptions, QueryOf, ResponseOf } from './requester.ts'
import {
  type Collection,
  collection,
  type HardDeletable,
  hardDeletes,
  type Readable,
  type Resource,
  type SoftDeletable,
  softDeletes,
} from './verbs.ts'

const batchExports = '/api/projects/{project_id}/batch_exports/'
const batchExport = '/api/projects/{project_id}/batch_exports/{id}/'
const runs = '/api/projects/{project_id}/batch_exports/{batch_export_id}/runs/'
const backfills = '/api/projects/{project_id}/batch_exports/{batch_export_id}/backfills/'

/** Data that is sent elsewhere at intervals. */
export type BatchExport = ResponseOf<`GET ${typeof batchExport}`>
/** One sending of a batch export. */
export type BatchExportRun = ResponseOf<`GET ${typeof runs}{id}/`>
/** A sending of data of the past. */
export type BatchExportBackfill = ResponseOf<`GET ${typeof backfills}{id}/`>

/** Data that PostHog sends elsewhere at intervals, such as to S3 or BigQuery. */
export interface BatchExports
  extends Collection<typeof batchExports, typeof batchExport>,
    HardDeletable<`DELETE ${typeof batchExport}`> {
  /** Stops the sendings. */
  pause: IdMethod<`POST ${typeof batchExport}pause/`>
  /** Goes on with the sendings. */
  unpause: IdMethod<`POST ${typeof batchExport}unpause/`>
  /** What a batch export logged, newest first. */
  logs: NestedListMethod<`GET ${typeof batchExport}logs/`>
  /**
   * The sendings, newest first.
   *
   * @example for await (const run of posthog.batchExports.runs(id)) console.log(run.status, run.data_interval_end)
   */
  runs: NestedListMethod<`GET ${typeof runs}`>
  /** One sending. */
  run(id: string, runId: string, options?: CallOptions): APIPromise<BatchExportRun>
  /** What a sending logged. */
  runLogs(
    id: string,
    runId: string,
    filters?: QueryOf<`GET ${typeof runs}{id}/logs/`>,
    options?: ListOptions,
  ): List<ListItem<`GET ${typeof runs}{id}/logs/`>>
  /** Stops a sending that is under way. */
  cancelRun(
    id: string,
    runId: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof runs}{id}/cancel/`>>
  /** Sends the data of a failed sending again. */
  retryRun(
    id: string,
    runId: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof runs}{id}/retry/`>>
  /** Sendings of data of the past. */
  backfills: NestedListMethod<`GET ${typeof backfills}`>
  /**
   * Sends data of the past.
   *
   * @example await posthog.batchExports.createBackfill(id, { start_at: '2026-01-01T00:00:00Z', end_at: '2026-02-01T00:00:00Z' })
   */
  createBackfill: IdBodyMethod<`POST ${typeof backfills}`>
  /** One sending of data of the past. */
  backfill(id: string, backfillId: string, options?: CallOptions): APIPromise<BatchExportBackfill>
  /** Stops a sending of data of the past. */
  cancelBackfill(
    id: string,
    backfillId: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof backfills}{id}/cancel/`>>
}

/** Binds batch exports to a client. */
export const createBatchExports: Resource<BatchExports> = (api) => {
  const at = (batch_export_id: string, id: string): { path: { batch_export_id: string; id: string } } => ({
    path: { batch_export_id, id },
  })
  return {
    ...collection(api, batchExports, batchExport),
    ...hardDeletes(api, batchExport),
    pause: method(api, `POST ${batchExport}pause/`, 'id'),
    unpause: method(api, `POST ${batchExport}unpause/`, 'id'),
    logs: listMethod(api, `GET ${batchExport}logs/`, 'id, query?'),
    runs: listMethod(api, `GET ${runs}`, 'id, query?'),
    run: (id, run, options) => api.request(`GET ${runs}{id}/`, at(id, run), options),
    runLogs: (id, run, query = {}, options) => {
      return api.list(`GET ${runs}{id}/logs/`, { ...at(id, run), query }, options)
    },
    cancelRun: (id, run, options) => api.request(`POST ${runs}{id}/cancel/`, at(id, run), options),
    retryRun: (id, run, options) => api.request(`POST ${runs}{id}/retry/`, at(id, run), options),
    backfills: listMethod(api, `GET ${backfills}`, 'id, query?'),
    createBackfill: method(api, `POST ${backfills}`, 'id, body'),
    backfill: (id, backfill, options) => api.request(`GET ${backfills}{id}/`, at(id, backfill), options),
    cancelBackfill: (id, backfill, options) => {
      return api.request(`POST ${backfills}{id}/cancel/`, at(id, backfill), options)
    },
  }
}

const hogFunctions = '/api/projects/{project_id}/hog_functions/'
const hogFunction = '/api/projects/{project_id}/hog_functions/{id}/'

/** A function that runs for events. */
export type HogFunction = ResponseOf<`GET ${typeof hogFunction}`>

/** Functions that run for events: destinations, transformations and others. They took the place of plugins. */
export interface HogFunctions
  extends Collection<typeof hogFunctions, typeof hogFunction>,
    SoftDeletable<`PATCH ${typeof hogFunction}`> {
  /**
   * Runs a function once, as a test; `mock_async_functions` keeps its requests from being sent.
   *
   * @example
   * const { status, logs } = await posthog.hogFunctions.invoke(id, { configuration: {}, mock_async_functions: true })
   */
  invoke: IdBodyMethod<`POST ${typeof hogFunction}invocations/`>
  /** What a function logged, newest first. */
  logs: NestedListMethod<`GET ${typeof hogFunction}logs/`>
  /** How often a function ran and failed, over time. */
  metrics: IdQueryMethod<`GET ${typeof hogFunction}metrics/`>
  /** How often a function ran and failed, in all. */
  metricTotals: IdQueryMethod<`GET ${typeof hogFunction}metrics/totals/`>
  /** Lets a function be run over events of the past. */
  enableBackfills: IdMethod<`POST ${typeof hogFunction}enable_backfills/`>
  /** Puts transformations into another order. */
  rearrange: BodyMethod<`PATCH ${typeof hogFunctions}rearrange/`>
}

/** Binds hog functions to a client. */
export const createHogFunctions: Resource<HogFunctions> = (api) => ({
  ...collection(api, hogFunctions, hogFunction),
  ...softDeletes(api, hogFunction),
  invoke: method(api, `POST ${hogFunction}invocations/`, 'id, body'),
  logs: listMethod(api, `GET ${hogFunction}logs/`, 'id, query?'),
  metrics: method(api, `GET ${hogFunction}metrics/`, 'id, query?'),
  metricTotals: method(api, `GET ${hogFunction}metrics/totals/`, 'id, query?'),
  enableBackfills: method(api, `POST ${hogFunction}enable_backfills/`, 'id'),
  rearrange: method(api, `PATCH ${hogFunctions}rearrange/`, 'body'),
})

const integrations = '/api/projects/{project_id}/integrations/'
const integration = '/api/projects/{project_id}/integrations/{id}/'

/** A connection to another service. */
export type Integration = ResponseOf<`GET ${typeof integration}`>

/** Connections of a project to other services, such as Slack. Those that sign in by OAuth are made in the app. */
export interface Integrations
  extends Readable<`GET ${typeof integration}`>,
    HardDeletable<`DELETE ${typeof integration}`> {
  /**
   * The connections of the project.
   *
   * @example for await (const { kind } of posthog.integrations.list()) console.log(kind)
   */
  list: ListMethod<`GET ${typeof integrations}`>
  /** Makes a connection by a key or an account that is put into `config`. */
  create: BodyMethod<`POST ${typeof integrations}`>
}

/** Binds integrations to a client. */
export const createIntegrations: Resource<Integrations> = (api) => ({
  list: listMethod(api, `GET ${integrations}`, 'query?'),
  get: method(api, `GET ${integration}`, 'id'),
  create: method(api, `POST ${integrations}`, 'body'),
  ...hardDeletes(api, integration),
})
