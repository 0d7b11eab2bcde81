import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { activity, type HasActivity } from './capabilities.ts'
import {
  type IdBodyMethod,
  type IdMethod,
  type IdQueryMethod,
  listMethod,
  method,
  type NestedListMethod,
  type OptionalQueryMethod,
} from './methods.ts'
import type { CallOptions, ListItem, ResponseOf } from './requester.ts'
import { type Collection, collection, type HardDeletable, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/surveys/'
const one = '/api/projects/{project_id}/surveys/{id}/'
const response = '/api/projects/{project_id}/surveys/{id}/responses/{response_uuid}/'

/** A survey. */
export interface Survey extends ResponseOf<`GET ${typeof one}`> {}

/** A response to a survey, with the text of each answered question. */
export type SurveyResponse = ListItem<`GET ${typeof one}responses/`>

/** Surveys and their responses. */
export interface Surveys
  extends Collection<typeof all, typeof one>,
    HardDeletable<`DELETE ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`> {
  /**
   * Launches a survey now. A survey that runs already stays as it is.
   *
   * @throws BadRequestError for an archived survey, or one whose `end_date` has passed
   * @example const { start_date } = await posthog.surveys.launch(id)
   */
  launch: IdMethod<`POST ${typeof one}launch/`>
  /**
   * Stops a survey now. Its responses stay. A survey that has ended stays as it is.
   *
   * @throws BadRequestError for an archived survey
   * @example const { end_date } = await posthog.surveys.stop(id)
   */
  stop: IdMethod<`POST ${typeof one}stop/`>
  /**
   * Lists the responses to a survey, the newest first, with the text of each answered question.
   *
   * @throws BadRequestError for `score_gte` or `score_lte` without `question_id`
   * @example
   * for await (const { answers } of posthog.surveys.responses(id, { exclude_archived: true })) console.log(answers)
   */
  responses: NestedListMethod<`GET ${typeof one}responses/`>
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
  launch: method(api, `POST ${one}launch/`, 'id'),
  stop: method(api, `POST ${one}stop/`, 'id'),
  responses: listMethod(api, `GET ${one}responses/`, 'id, query?'),
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
