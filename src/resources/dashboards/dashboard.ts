import type { ResponseOf } from '../requester.ts'

/** Path of all dashboards. */
export const all = '/api/projects/{project_id}/dashboards/'
/** Path of one dashboard. */
export const one = '/api/projects/{project_id}/dashboards/{id}/'

/** A dashboard. */
export interface Dashboard extends ResponseOf<`GET ${typeof one}`> {}
