import { type ListOfCall, listOfCall, type ReadCall, readCall } from './calls.ts'
import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type Resource, type SoftDeletes, softDeletes } from './verbs.ts'

const all = '/api/projects/{project_id}/comments/'
const one = '/api/projects/{project_id}/comments/{id}/'

/** A comment on something in PostHog. */
export type Comment = AnswerOf<`GET ${typeof one}`>

/** Comments on insights, dashboards, recordings and others, told apart by `scope` and `item_id`. */
export interface Comments extends Collection<typeof all, typeof one>, SoftDeletes<`PATCH ${typeof one}`> {
  /**
   * How many comments there are.
   *
   * @example const { count } = await posthog.comments.count({ scope: 'Insight', item_id: '7' })
   */
  count: ReadCall<`GET ${typeof all}count/`>
  /** The answers to a comment. */
  thread: ListOfCall<`GET ${typeof one}thread/`>
}

/** Binds comments to a client. */
export const createComments: Resource<Comments> = (api) => ({
  ...collection(api, all, one),
  ...softDeletes(api, one),
  count: readCall(api, `GET ${all}count/`),
  thread: listOfCall(api, `GET ${one}thread/`),
})
