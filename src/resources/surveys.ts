import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { activity, type HasActivity } from './capabilities.ts'
import {
  type IdBodyMethod,
  type IdMethod,
  type IdQueryMethod,
  method,
  type OptionalQueryMethod,
} from './methods.ts'
import type { CallOptions, ResponseOf } from './requester.ts'
import { type Collection, collection, type HardDeletable, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/surveys/'
const one = '/api/projects/{project_id}/surveys/{id}/'
const response = '/api/projects/{project_id}/surveys/{id}/responses/{response_uuid}/'

/** A survey. */
export type Survey = ResponseOf<`GET ${typeof one}`>

/** Surveys and their responses. */
export interface Surveys
  extends Collection<typeof all, typeof one>,
    HardDeletable<`DELETE ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`> {
  /** Returns how often a survey was shown, dismissed and answered. */
  stats: IdQueryMethod<`GET ${typeof one}stats/`>
  /** Returns the number of responses of each survey, by survey id. */
  responsesCount: OptionalQueryMethod<`GET ${typeof all}responses_count/`>
  /** Lists the UUIDs of archived responses. */
  archivedResponses: IdMethod<`GET ${typeof one}archived-response-uuids/`>
  /**
   * Archives a response by the UUID of its event. Archived responses do not count.
   *
   * @example await posthog.surveys.archiveResponse(id, uuid)
   */
  archiveResponse(id: string, responseUuid: string, options?: CallOptions): APIPromise<void>
  /** Restores an archived response. */
  unarchiveResponse(id: string, responseUuid: string, options?: CallOptions): APIPromise<void>
  /**
   * Copies a survey to other projects.
   *
   * @example await posthog.surveys.duplicate(id, { target_team_ids: [456] })
   */
  duplicate: IdBodyMethod<`POST ${typeof one}duplicate_to_projects/`>
}

/** Creates the surveys resource. */
export const createSurveys: Resource<Surveys> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
  ...activity(api, `GET ${one}activity/`),
  stats: method(api, `GET ${one}stats/`, 'id, query?'),
  responsesCount: method(api, `GET ${all}responses_count/`, 'query?'),
  archivedResponses: method(api, `GET ${one}archived-response-uuids/`, 'id'),
  // PostHog's schema describes no response body for these two.
  archiveResponse: (id, response_uuid, options) => {
    return api.request(
      `POST ${response}archive/`,
      { path: { id, response_uuid } },
      options,
    ) as APIPromise<never>
  },
  unarchiveResponse: (id, response_uuid, options) => {
    return api.request(
      `POST ${response}unarchive/`,
      { path: { id, response_uuid } },
      options,
    ) as APIPromise<never>
  },
  duplicate: method(api, `POST ${one}duplicate_to_projects/`, 'id, body'),
})
