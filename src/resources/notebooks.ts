import { actCall, listCall } from './calls.ts'
import type { AnswerOf } from './routes.ts'
import type { Gets, Lists, Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/notebooks/'
const one = '/api/projects/{project_id}/notebooks/{short_id}/'

/** A notebook. */
export type Notebook = AnswerOf<`GET ${typeof one}`>

/** Notebooks, by their short ids. Unstable: PostHog changes them often, so they can only be read here. */
export interface Notebooks extends Lists<`GET ${typeof all}`>, Gets<`GET ${typeof one}`> {}

/** Binds notebooks to a client. */
export const createNotebooks: Resource<Notebooks> = (api) => ({
  list: listCall(api, `GET ${all}`),
  get: actCall(api, `GET ${one}`),
})
