import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/alerts/'
const one = '/api/projects/{project_id}/alerts/{id}/'

/** A watch over an insight. */
export type Alert = AnswerOf<`GET ${typeof one}`>

/** Watches over insights, which tell people when a number leaves its bounds. */
export interface Alerts extends Collection<typeof all, typeof one>, HardDeletes<`DELETE ${typeof one}`> {}

/** Binds alerts to a client. */
export const createAlerts: Resource<Alerts> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
})
