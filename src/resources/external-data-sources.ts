import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type BodyMethod, type IdMethod, method, type OptionalQueryMethod } from './methods.ts'
import type { BodyOf, CallOptions, ResponseOf } from './requester.ts'
import { type Collection, collection, type HardDeletable, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/external_data_sources/'
const one = '/api/projects/{project_id}/external_data_sources/{id}/'

/** A source of the data warehouse. */
export interface ExternalDataSource extends ResponseOf<`GET ${typeof one}`> {}

/**
 * Sources that PostHog imports into the data warehouse, such as Stripe or Postgres. Unstable: PostHog changes this API
 * often (PostHog/posthog products/data_warehouse/backend/api/external_data_source.py).
 */
export interface ExternalDataSources
  extends Collection<typeof all, typeof one>,
    HardDeletable<`DELETE ${typeof one}`> {
  /** Lists the sources that queries can read without an import. */
  connections(options?: CallOptions): APIPromise<ResponseOf<`GET ${typeof all}connections/`>>
  /**
   * Returns the fields that each type of source needs.
   *
   * @example const fields = await posthog.warehouse.externalDataSources.wizard({ source_type: 'Stripe' })
   */
  wizard: OptionalQueryMethod<`GET ${typeof all}wizard/`>
  /**
   * Lists the tables of a source before it is created. Credentials are further fields of the body.
   *
   * @throws BadRequestError if PostHog cannot connect
   */
  databaseSchema: BodyMethod<`POST ${typeof all}database_schema/`>
  /**
   * Checks that a prefix of table names is free for a type of source.
   *
   * @throws BadRequestError if another source of the type has the prefix
   * @example await posthog.warehouse.externalDataSources.checkPrefix({ source_type: 'Stripe', prefix: 'eu_' })
   */
  checkPrefix(body: BodyOf<`POST ${typeof all}source_prefix/`>, options?: CallOptions): APIPromise<void>
  /** Lists the recent import jobs of a source. */
  jobs: IdMethod<`GET ${typeof one}jobs/`>
  /** Starts an import of all tables of a source. */
  reload(id: string, options?: CallOptions): APIPromise<void>
  /** Adds tables that the source has gained since it was created. */
  refreshSchemas: IdMethod<`POST ${typeof one}refresh_schemas/`>
}

/** Creates the external data sources resource. */
export const createExternalDataSources: Resource<ExternalDataSources> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
  connections: (options) => api.request(`GET ${all}connections/`, {}, options),
  wizard: method(api, `GET ${all}wizard/`, 'query?'),
  databaseSchema: method(api, `POST ${all}database_schema/`, 'body'),
  // The responses have no body.
  checkPrefix: method(api, `POST ${all}source_prefix/`, 'body') as ExternalDataSources['checkPrefix'],
  reload: method(api, `POST ${one}reload/`, 'id') as ExternalDataSources['reload'],
  jobs: method(api, `GET ${one}jobs/`, 'id'),
  refreshSchemas: method(api, `POST ${one}refresh_schemas/`, 'id'),
})
