import type { List } from '../runtime/paging/list.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type ActCall, type ActWithCall, actCall, actWithCall, type ListOfCall, listOfCall } from './calls.ts'
import type { CallOptions, ListItem, ListOptions } from './requester.ts'
import type { AnswerOf, FiltersOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const batchExports = '/api/projects/{project_id}/batch_exports/'
const batchExport = '/api/projects/{project_id}/batch_exports/{id}/'
const runs = '/api/projects/{project_id}/batch_exports/{batch_export_id}/runs/'
const backfills = '/api/projects/{project_id}/batch_exports/{batch_export_id}/backfills/'

/** Data that is sent elsewhere at intervals. */
export type BatchExport = AnswerOf<`GET ${typeof batchExport}`>
/** One sending of a batch export. */
export type BatchExportRun = AnswerOf<`GET ${typeof runs}{id}/`>
/** A sending of data of the past. */
export type BatchExportBackfill = AnswerOf<`GET ${typeof backfills}{id}/`>

/** Data that PostHog sends elsewhere at intervals, such as to S3 or BigQuery. */
export interface BatchExports
  extends Collection<typeof batchExports, typeof batchExport>,
    HardDeletes<`DELETE ${typeof batchExport}`> {
  /** Stops the sendings. */
  pause: ActCall<`POST ${typeof batchExport}pause/`>
  /** Goes on with the sendings. */
  unpause: ActCall<`POST ${typeof batchExport}unpause/`>
  /** What a batch export logged, newest first. */
  logs: ListOfCall<`GET ${typeof batchExport}logs/`>
  /**
   * The sendings, newest first.
   *
   * @example for await (const run of posthog.batchExports.runs(id)) console.log(run.status, run.data_interval_end)
   */
  runs: ListOfCall<`GET ${typeof runs}`>
  /** One sending. */
  run(id: string, runId: string, options?: CallOptions): APIPromise<BatchExportRun>
  /** What a sending logged. */
  runLogs(
    id: string,
    runId: string,
    filters?: FiltersOf<`GET ${typeof runs}{id}/logs/`>,
    options?: ListOptions,
  ): List<ListItem<`GET ${typeof runs}{id}/logs/`>>
  /** Stops a sending that is under way. */
  cancelRun(
    id: string,
    runId: string,
    options?: CallOptions,
  ): APIPromise<AnswerOf<`POST ${typeof runs}{id}/cancel/`>>
  /** Sends the data of a failed sending again. */
  retryRun(
    id: string,
    runId: string,
    options?: CallOptions,
  ): APIPromise<AnswerOf<`POST ${typeof runs}{id}/retry/`>>
  /** Sendings of data of the past. */
  backfills: ListOfCall<`GET ${typeof backfills}`>
  /**
   * Sends data of the past.
   *
   * @example await posthog.batchExports.createBackfill(id, { start_at: '2026-01-01T00:00:00Z', end_at: '2026-02-01T00:00:00Z' })
   */
  createBackfill: ActWithCall<`POST ${typeof backfills}`>
  /** One sending of data of the past. */
  backfill(id: string, backfillId: string, options?: CallOptions): APIPromise<BatchExportBackfill>
  /** Stops a sending of data of the past. */
  cancelBackfill(
    id: string,
    backfillId: string,
    options?: CallOptions,
  ): APIPromise<AnswerOf<`POST ${typeof backfills}{id}/cancel/`>>
}

/** Binds batch exports to a client. */
export const createBatchExports: Resource<BatchExports> = (api) => {
  const at = (batch_export_id: string, id: string): { path: { batch_export_id: string; id: string } } => ({
    path: { batch_export_id, id },
  })
  return {
    ...collection(api, batchExports, batchExport),
    ...hardDeletes(api, batchExport),
    pause: actCall(api, `POST ${batchExport}pause/`),
    unpause: actCall(api, `POST ${batchExport}unpause/`),
    logs: listOfCall(api, `GET ${batchExport}logs/`),
    runs: listOfCall(api, `GET ${runs}`),
    run: (id, run, options) => api.request(`GET ${runs}{id}/`, at(id, run), options),
    runLogs: (id, run, query = {}, options) => {
      return api.list(`GET ${runs}{id}/logs/`, { ...at(id, run), query }, options)
    },
    cancelRun: (id, run, options) => api.request(`POST ${runs}{id}/cancel/`, at(id, run), options),
    retryRun: (id, run, options) => api.request(`POST ${runs}{id}/retry/`, at(id, run), options),
    backfills: listOfCall(api, `GET ${backfills}`),
    createBackfill: actWithCall(api, `POST ${backfills}`),
    backfill: (id, backfill, options) => api.request(`GET ${backfills}{id}/`, at(id, backfill), options),
    cancelBackfill: (id, backfill, options) => {
      return api.request(`POST ${backfills}{id}/cancel/`, at(id, backfill), options)
    },
  }
}
