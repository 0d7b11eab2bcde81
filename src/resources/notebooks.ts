import { actCall, listCall } from './calls.ts'
import type { AnswerOf } from './routes.ts'
import type { Gets, Lists, Resource } from './verbs.ts'

const notebooks = '/api/projects/{project_id}/notebooks/'
const notebook = '/api/projects/{project_id}/notebooks/{short_id}/'

/** A notebook. */
export type Notebook = AnswerOf<`GET ${typeof notebook}`>

/** Notebooks, by their short ids. Unstable: PostHog changes them often, so they can only be read here. */
export interface Notebooks extends Lists<`GET ${typeof notebooks}`>, Gets<`GET ${typeof notebook}`> {}

/** Binds notebooks to a client. */
export const createNotebooks: Resource<Notebooks> = (api) => ({
  list: listCall(api, `GET ${notebooks}`),
  get: actCall(api, `GET ${notebook}`),
})
