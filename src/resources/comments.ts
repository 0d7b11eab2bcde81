import { type ListOfCall, listOfCall, type ReadCall, readCall } from './calls.ts'
import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from './verbs.ts'

const comments = '/api/projects/{project_id}/comments/'
const comment = '/api/projects/{project_id}/comments/{id}/'

/** A comment on something in PostHog. */
export type Comment = AnswerOf<`GET ${typeof comment}`>

/** Comments on insights, dashboards, recordings and others, told apart by `scope` and `item_id`. */
export interface Comments
  extends Collection<typeof comments, typeof comment>,
    SoftDeletes<`PATCH ${typeof comment}`> {
  /**
   * How many comments there are.
   *
   * @example const { count } = await posthog.comments.count({ scope: 'Insight', item_id: '7' })
   */
  count: ReadCall<`GET ${typeof comments}count/`>
  /** The answers to a comment. */
  thread: ListOfCall<`GET ${typeof comment}thread/`>
}

/** Binds comments to a client. */
export const createComments: Resource<Comments> = (api) => ({
  ...collection(api, comments, comment),
  ...softDeletes(api, comment),
  count: readCall(api, `GET ${comments}count/`),
  thread: listOfCall(api, `GET ${comment}thread/`),
})
