import { type HasSharing, sharing } from './capabilities.ts'
import { listMethod, method } from './methods.ts'
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

/** A recorded session. */
export type SessionRecording = ResponseOf<`GET ${typeof one}`>

/** Recorded sessions. PostHog limits them by plan: 12, 60 or 100 requests in a minute. */
export interface SessionRecordings
  extends Listable<`GET ${typeof all}`>,
    Readable<`GET ${typeof one}`>,
    Updatable<`PATCH ${typeof one}`>,
    HardDeletable<`DELETE ${typeof one}`>,
    HasSharing<typeof share> {}

/** Binds session recordings to a client. */
export const createSessionRecordings: Resource<SessionRecordings> = (api) => ({
  list: listMethod(api, `GET ${all}`, 'query?'),
  get: method(api, `GET ${one}`, 'id'),
  update: method(api, `PATCH ${one}`, 'id, body'),
  ...hardDeletes(api, one),
  ...sharing(api, share),
})
