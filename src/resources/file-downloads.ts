import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { type BodyMethod, type IdMethod, listMethod, method } from './methods.ts'
import type { CallOptions, ResponseOf } from './requester.ts'
import type { Creatable, Listable, Readable, Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/file_download_batch_exports/'
const one = '/api/projects/{project_id}/file_download_batch_exports/{id}/'

/** The state of a file download: its status, and the ids of its files when it is `Completed`. */
export type FileDownload = ResponseOf<`GET ${typeof one}`>

/**
 * File downloads: batch exports that run once and write files to download
 * (PostHog/posthog products/batch_exports/backend/api/file_download.py).
 */
export interface FileDownloads
  extends Listable<`GET ${typeof all}`>,
    Readable<`GET ${typeof one}`>,
    Creatable<`POST ${typeof all}`> {
  /**
   * Counts the rows of a HogQL query, before a download exports them.
   *
   * @example
   * const query = 'select event, timestamp from events'
   * const { count } = await posthog.fileDownloads.countRows({ model: 'hogql', hogql_query: query })
   */
  countRows: BodyMethod<`POST ${typeof all}count_rows/`>
  /** Cancels a download in progress. */
  cancel: IdMethod<`POST ${typeof one}cancel/`>
  /**
   * Downloads the first file. PostHog redirects to a storage URL that expires, so read the response as it is.
   *
   * @throws BadRequestError while the download runs, and if it failed
   * @example const response = await posthog.fileDownloads.download(id).asResponse()
   */
  download(id: string, options?: CallOptions): APIPromise<ResponseOf<`GET ${typeof one}download/`>>
}

/** Creates the file downloads resource. */
export const createFileDownloads: Resource<FileDownloads> = (api) => ({
  list: listMethod(api, `GET ${all}`, 'query?'),
  get: method(api, `GET ${one}`, 'id'),
  create: method(api, `POST ${all}`, 'body'),
  countRows: method(api, `POST ${all}count_rows/`, 'body'),
  cancel: method(api, `POST ${one}cancel/`, 'id'),
  download: method(api, `GET ${one}download/`, 'id'),
})
