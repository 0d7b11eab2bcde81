import { actCall, listCall } from '../calls.ts'
import type { AnswerOf } from '../routes.ts'
import type { Gets, Lists, Resource } from '../verbs.ts'

const all = '/api/projects/{project_id}/error_tracking/fingerprints/'
const one = '/api/projects/{project_id}/error_tracking/fingerprints/{id}/'

/** What makes exceptions count as the same. */
export type ErrorTrackingFingerprint = AnswerOf<`GET ${typeof one}`>

/** What makes exceptions count as the same, and the issue that each belongs to. */
export interface ErrorTrackingFingerprints extends Lists<`GET ${typeof all}`>, Gets<`GET ${typeof one}`> {}

/** Binds fingerprints of error tracking to a client. */
export const createErrorTrackingFingerprints: Resource<ErrorTrackingFingerprints> = (api) => ({
  list: listCall(api, `GET ${all}`),
  get: actCall(api, `GET ${one}`),
})
