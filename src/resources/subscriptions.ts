import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { listMethod, type NestedListMethod } from './methods.ts'
import type { CallOptions, ResponseOf } from './requester.ts'
import {
  type Collection,
  collection,
  type HardDeletable,
  hardDeletes,
  type Resource,
  type SoftDeletable,
  softDeletes,
} from './verbs.ts'

const subscriptions = '/api/projects/{project_id}/subscriptions/'
const subscription = '/api/projects/{project_id}/subscriptions/{id}/'
const deliveries = '/api/projects/{project_id}/subscriptions/{subscription_id}/deliveries/'

/** A report that is sent regularly. */
export type Subscription = ResponseOf<`GET ${typeof subscription}`>
/** One sending of a report. */
export type SubscriptionDelivery = ResponseOf<`GET ${typeof deliveries}{id}/`>

/** Insights and dashboards that are sent regularly, by mail or to Slack. */
export interface Subscriptions
  extends Collection<typeof subscriptions, typeof subscription>,
    SoftDeletable<`PATCH ${typeof subscription}`> {
  /**
   * Sends a report now. At most 10 in a minute for a project.
   *
   * @example await posthog.subscriptions.testDelivery(7)
   */
  testDelivery(id: number, options?: CallOptions): APIPromise<void>
  /** What was sent, and whether it arrived. */
  deliveries: NestedListMethod<`GET ${typeof deliveries}`>
  /** One sending. */
  delivery(id: number, deliveryId: string, options?: CallOptions): APIPromise<SubscriptionDelivery>
}

/** Binds subscriptions to a client. */
export const createSubscriptions: Resource<Subscriptions> = (api) => ({
  ...collection(api, subscriptions, subscription),
  ...softDeletes(api, subscription),
  // It answers nothing.
  testDelivery: (id, options) => {
    return api.request(`POST ${subscription}test-delivery/`, { path: { id } }, options) as APIPromise<never>
  },
  deliveries: listMethod(api, `GET ${deliveries}`, 'id, query?'),
  delivery: (subscription_id, id, options) => {
    return api.request(`GET ${deliveries}{id}/`, { path: { subscription_id, id } }, options)
  },
})

const alerts = '/api/projects/{project_id}/alerts/'
const alert = '/api/projects/{project_id}/alerts/{id}/'

/** A watch over an insight. */
export type Alert = ResponseOf<`GET ${typeof alert}`>

/** Watches over insights, which tell people when a number leaves its bounds. */
export interface Alerts
  extends Collection<typeof alerts, typeof alert>,
    HardDeletable<`DELETE ${typeof alert}`> {}

/** Binds alerts to a client. */
export const createAlerts: Resource<Alerts> = (api) => ({
  ...collection(api, alerts, alert),
  ...hardDeletes(api, alert),
})
