import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const alerts = '/api/projects/{project_id}/alerts/'
const alert = '/api/projects/{project_id}/alerts/{id}/'

/** A watch over an insight. */
export type Alert = AnswerOf<`GET ${typeof alert}`>

/** Watches over insights, which tell people when a number leaves its bounds. */
export interface Alerts
  extends Collection<typeof alerts, typeof alert>,
    HardDeletes<`DELETE ${typeof alert}`> {}

/** Binds alerts to a client. */
export const createAlerts: Resource<Alerts> = (api) => ({
  ...collection(api, alerts, alert),
  ...hardDeletes(api, alert),
})
