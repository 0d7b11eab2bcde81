import { actCall, actWithCall, listCall } from './calls.ts'
import { type HasSharing, sharing } from './parts/sharing.ts'
import type { AnswerOf } from './routes.ts'
import { type Gets, type HardDeletes, hardDeletes, type Lists, type Resource, type Updates } from './verbs.ts'

const all = '/api/projects/{project_id}/session_recordings/'
const one = '/api/projects/{project_id}/session_recordings/{id}/'
const share = '/api/projects/{project_id}/session_recordings/{recording_id}/sharing/'

/** A recorded session. */
export type SessionRecording = AnswerOf<`GET ${typeof one}`>

/** Recorded sessions. PostHog limits them by plan: 12, 60 or 100 requests in a minute. */
export interface SessionRecordings
  extends Lists<`GET ${typeof all}`>,
    Gets<`GET ${typeof one}`>,
    Updates<`PATCH ${typeof one}`>,
    HardDeletes<`DELETE ${typeof one}`>,
    HasSharing<typeof share> {}

/** Binds session recordings to a client. */
export const createSessionRecordings: Resource<SessionRecordings> = (api) => ({
  list: listCall(api, `GET ${all}`),
  get: actCall(api, `GET ${one}`),
  update: actWithCall(api, `PATCH ${one}`),
  ...hardDeletes(api, one),
  ...sharing(api, share),
})
