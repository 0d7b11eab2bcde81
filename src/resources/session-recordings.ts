import { type HasSharing, sharing } from './capabilities.ts'
import { type BodyMethod, listMethod, method } from './methods.ts'
import type { ResponseOf } from './requester.ts'
import {
  type HardDeletable,
  hardDeletes,
  type Listable,
  type Readable,
  type Resource,
  type Updatable,
} from './verbs.ts'

const all = '/api/projects/{project_id}/session_recordings/'
const one = '/api/projects/{project_id}/session_recordings/{id}/'
const share = '/api/projects/{project_id}/session_recordings/{recording_id}/sharing/'

/** A session recording. */
export interface SessionRecording extends ResponseOf<`GET ${typeof one}`> {}

/** Session recordings. PostHog allows 12, 60 or 100 requests per minute, depending on the plan. */
export interface SessionRecordings
  extends Listable<`GET ${typeof all}`>,
    Readable<`GET ${typeof one}`>,
    Updatable<`PATCH ${typeof one}`>,
    HardDeletable<`DELETE ${typeof one}`>,
    HasSharing<typeof share> {
  /**
   * Deletes up to 100 recordings permanently in one request. PostHog skips unknown ids: compare `deleted_count` with
   * `total_requested`. Set `date_from` for recordings that are close to the end of their retention.
   *
   * @throws BadRequestError for no ids, or more than 100
   * @example
   * const { deleted_count, failed_ids } = await posthog.sessionRecordings.bulkDelete({ session_recording_ids: ids })
   */
  bulkDelete: BodyMethod<`POST ${typeof all}bulk_delete/`>
}

/** Creates the session recordings resource. */
export const createSessionRecordings: Resource<SessionRecordings> = (api) => ({
  list: listMethod(api, `GET ${all}`, 'query?'),
  get: method(api, `GET ${one}`, 'id'),
  update: method(api, `PATCH ${one}`, 'id, body'),
  ...hardDeletes(api, one),
  ...sharing(api, share),
  bulkDelete: method(api, `POST ${all}bulk_delete/`, 'body'),
})
