import type { List } from '../runtime/paging/list.ts'
import type { APIPromise } from '../runtime/transport/api-promise.ts'
import {
  type BodyMethod,
  type IdBodyMethod,
  type IdMethod,
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
} from './verbs.ts'

const batchExports = '/api/projects/{project_id}/batch_exports/'
const batchExport = '/api/projects/{project_id}/batch_exports/{id}/'
const runs = '/api/projects/{project_id}/batch_exports/{batch_export_id}/runs/'
const backfills = '/api/projects/{project_id}/batch_exports/{batch_export_id}/backfills/'

/** A batch export. */
export interface BatchExport extends ResponseOf<`GET ${typeof batchExport}`> {}
/** A run of a batch export. */
export interface BatchExportRun extends ResponseOf<`GET ${typeof runs}{id}/`> {}
/** A backfill of a batch export. */
export interface BatchExportBackfill extends ResponseOf<`GET ${typeof backfills}{id}/`> {}

/** Batch exports: scheduled exports of data to a destination such as S3 or BigQuery. */
export interface BatchExports
  extends Collection<typeof batchExports, typeof batchExport>,
    HardDeletable<`DELETE ${typeof batchExport}`> {
  /** Pauses a batch export. */
  pause: IdMethod<`POST ${typeof batchExport}pause/`>
  /** Resumes a batch export. */
  unpause: IdMethod<`POST ${typeof batchExport}unpause/`>
  /**
   * Lists the logs of a batch export, newest first. PostHog's schema does not open this operation to personal API keys,
   * so PostHog probably returns 403.
   */
  logs: NestedListMethod<`GET ${typeof batchExport}logs/`>
  /**
   * Lists the runs of a batch export, newest first.
   *
   * @example for await (const run of posthog.batchExports.runs(id)) console.log(run.status, run.data_interval_end)
   */
  runs: NestedListMethod<`GET ${typeof runs}`>
  /** Reads a run. */
  run(id: string, runId: string, options?: CallOptions): APIPromise<BatchExportRun>
  /**
   * Lists the logs of a run. PostHog's schema does not open this operation to personal API keys, so PostHog probably
   * returns 403.
   */
  runLogs(
    id: string,
    runId: string,
    filters?: QueryOf<`GET ${typeof runs}{id}/logs/`>,
    options?: ListOptions,
  ): List<ListItem<`GET ${typeof runs}{id}/logs/`>>
  /** Cancels a run in progress. */
  cancelRun(
    id: string,
    runId: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof runs}{id}/cancel/`>>
  /** Retries a failed run. */
  retryRun(
    id: string,
    runId: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof runs}{id}/retry/`>>
  /** Lists the backfills of a batch export. */
  backfills: NestedListMethod<`GET ${typeof backfills}`>
  /**
   * Starts a backfill of historical data.
   *
   * @example await posthog.batchExports.createBackfill(id, { start_at: '2026-01-01T00:00:00Z', end_at: '2026-02-01T00:00:00Z' })
   */
  createBackfill: IdBodyMethod<`POST ${typeof backfills}`>
  /** Reads a backfill. */
  backfill(id: string, backfillId: string, options?: CallOptions): APIPromise<BatchExportBackfill>
  /** Cancels a backfill. */
  cancelBackfill(
    id: string,
    backfillId: string,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`POST ${typeof backfills}{id}/cancel/`>>
  /**
   * Lists the steps that test a type of destination.
   *
   * @throws NotFoundError if PostHog has no test for the type
   * @example const { steps } = await posthog.batchExports.testSteps('S3')
   */
  testSteps(
    destination: QueryOf<`GET ${typeof batchExports}test/`>['destination'],
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof batchExports}test/`>>
  /**
   * Runs one step of the test of a destination, before a batch export has it. `step` is its index in `testSteps`.
   * Default: 0.
   *
   * @example
   * const destination = { type: 'S3' as const, config: { bucket_name: 'events', region: 'eu-central-1' } }
   * const { result } = await posthog.batchExports.runNewTestStep({ step: 1, name: 'S3', interval: 'hour', destination })
   */
  runNewTestStep: BodyMethod<`POST ${typeof batchExports}run_test_step_new/`>
  /**
   * Runs one step of the test of a batch export's destination. PostHog adds the stored secrets to `destination`.
   *
   * @example
   * const { name, interval, destination } = await posthog.batchExports.get(id)
   * await posthog.batchExports.runTestStep(id, { step: 0, name, interval, destination })
   */
  runTestStep: IdBodyMethod<`POST ${typeof batchExport}run_test_step/`>
}

/** Creates the batch exports resource. */
export const createBatchExports: Resource<BatchExports> = (api) => {
  const childPath = (
    batch_export_id: string,
    id: string,
  ): { path: { batch_export_id: string; id: string } } => ({
    path: { batch_export_id, id },
  })
  return {
    ...collection(api, batchExports, batchExport),
    ...hardDeletes(api, batchExport),
    pause: method(api, `POST ${batchExport}pause/`, 'id'),
    unpause: method(api, `POST ${batchExport}unpause/`, 'id'),
    logs: listMethod(api, `GET ${batchExport}logs/`, 'id, query?'),
    runs: listMethod(api, `GET ${runs}`, 'id, query?'),
    run: (id, run, options) => api.request(`GET ${runs}{id}/`, childPath(id, run), options),
    runLogs: (id, run, query = {}, options) => {
      return api.list(`GET ${runs}{id}/logs/`, { ...childPath(id, run), query }, options)
    },
    cancelRun: (id, run, options) => api.request(`POST ${runs}{id}/cancel/`, childPath(id, run), options),
    retryRun: (id, run, options) => api.request(`POST ${runs}{id}/retry/`, childPath(id, run), options),
    backfills: listMethod(api, `GET ${backfills}`, 'id, query?'),
    createBackfill: method(api, `POST ${backfills}`, 'id, body'),
    backfill: (id, backfill, options) =>
      api.request(`GET ${backfills}{id}/`, childPath(id, backfill), options),
    cancelBackfill: (id, backfill, options) => {
      return api.request(`POST ${backfills}{id}/cancel/`, childPath(id, backfill), options)
    },
    testSteps: (destination, options) => {
      return api.request(`GET ${batchExports}test/`, { query: { destination } }, options)
    },
    runNewTestStep: method(api, `POST ${batchExports}run_test_step_new/`, 'body'),
    runTestStep: method(api, `POST ${batchExport}run_test_step/`, 'id, body'),
  }
}

const integrations = '/api/projects/{project_id}/integrations/'
const integration = '/api/projects/{project_id}/integrations/{id}/'

/** An integration with another service. */
export interface Integration extends ResponseOf<`GET ${typeof integration}`> {}

/** Integrations with other services, such as Slack. Create OAuth integrations in PostHog's app. */
export interface Integrations
  extends Readable<`GET ${typeof integration}`>,
    HardDeletable<`DELETE ${typeof integration}`> {
  /**
   * Lists the integrations of the project.
   *
   * @example for await (const { kind } of posthog.integrations.list()) console.log(kind)
   */
  list: ListMethod<`GET ${typeof integrations}`>
  /** Creates an integration from the credentials in `config`. */
  create: BodyMethod<`POST ${typeof integrations}`>
}

/** Creates the integrations resource. */
export const createIntegrations: Resource<Integrations> = (api) => ({
  list: listMethod(api, `GET ${integrations}`, 'query?'),
  get: method(api, `GET ${integration}`, 'id'),
  create: method(api, `POST ${integrations}`, 'body'),
  ...hardDeletes(api, integration),
})
