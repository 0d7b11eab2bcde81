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
const answer = '/api/projects/{project_id}/surveys/{id}/responses/{response_uuid}/'

/** Questions to users. */
export type Survey = ResponseOf<`GET ${typeof one}`>

/** Questions to users, and what they answered. */
export interface Surveys
  extends Collection<typeof all, typeof one>,
    HardDeletable<`DELETE ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`> {
  /** How often a survey was shown, dismissed and answered. */
  stats: IdQueryMethod<`GET ${typeof one}stats/`>
  /** How many answers each survey has, by its id. */
  responsesCount: OptionalQueryMethod<`GET ${typeof all}responses_count/`>
  /** The uuids of the answers that do not count any more. */
  archivedResponses: IdMethod<`GET ${typeof one}archived-response-uuids/`>
  /**
   * Takes an answer out of the count, by the uuid of its event.
   *
   * @example await posthog.surveys.archiveResponse(id, uuid)
   */
  archiveResponse(id: string, responseUuid: string, options?: CallOptions): APIPromise<void>
  /** Lets an answer count again. */
  unarchiveResponse(id: string, responseUuid: string, options?: CallOptions): APIPromise<void>
  /**
   * Copies a survey to other projects.
   *
   * @example await posthog.surveys.duplicate(id, { target_team_ids: [456] })
   */
  duplicate: IdBodyMethod<`POST ${typeof one}duplicate_to_projects/`>
}

/** Binds surveys to a client. */
export const createSurveys: Resource<Surveys> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
  ...activity(api, `GET ${one}activity/`),
  stats: method(api, `GET ${one}stats/`, 'id, query?'),
  responsesCount: method(api, `GET ${all}responses_count/`, 'query?'),
  archivedResponses: method(api, `GET ${one}archived-response-uuids/`, 'id'),
  // These two answer nothing that PostHog describes.
  archiveResponse: (id, response_uuid, options) => {
    return api.request(
      `POST ${answer}archive/`,
      { path: { id, response_uuid } },
      options,
    ) as APIPromise<never>
  },
  unarchiveResponse: (id, response_uuid, options) => {
    return api.request(
      `POST ${answer}unarchive/`,
      { path: { id, response_uuid } },
      options,
    ) as APIPromise<never>
  },
  duplicate: method(api, `POST ${one}duplicate_to_projects/`, 'id, body'),
})
