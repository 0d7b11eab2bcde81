import { actCall, listCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import type { Gets, Lists, Resource } from '../verbs.ts'

const fingerprints = '/api/projects/{project_id}/error_tracking/fingerprints/'
const fingerprint = '/api/projects/{project_id}/error_tracking/fingerprints/{id}/'

/** What makes exceptions count as the same. */
export type ErrorTrackingFingerprint = AnswerOf<`GET ${typeof fingerprint}`>

/** What makes exceptions count as the same, and the issue that each belongs to. */
export interface ErrorTrackingFingerprints
  extends Lists<`GET ${typeof fingerprints}`>,
    Gets<`GET ${typeof fingerprint}`> {}

/** Binds fingerprints of error tracking to a client. */
export const createErrorTrackingFingerprints: Resource<ErrorTrackingFingerprints> = (api) => ({
  list: listCall(api, `GET ${fingerprints}`),
  get: actCall(api, `GET ${fingerprint}`),
})
