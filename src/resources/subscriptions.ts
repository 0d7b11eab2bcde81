import type { APIPromise } from '../runtime/transport/api-promise.ts'
import { requireList } from './check-arguments.ts'
import { checkedCall, type IdBodyMethod, listMethod, method, type NestedListMethod } from './methods.ts'
import type { CallOptions, RequestInput, ResponseOf } from './requester.ts'
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

/** A subscription. */
export interface Subscription extends ResponseOf<`GET ${typeof subscription}`> {}
/** A delivery of a subscription. */
export interface SubscriptionDelivery extends ResponseOf<`GET ${typeof deliveries}{id}/`> {}

/** Subscriptions: insights and dashboards sent by email or to Slack on a schedule. */
export interface Subscriptions
  extends Collection<typeof subscriptions, typeof subscription>,
    SoftDeletable<`PATCH ${typeof subscription}`> {
  /**
   * Sends a report now. PostHog's limit: 10 per minute per project.
   *
   * @example await posthog.subscriptions.testDelivery(7)
   */
  testDelivery(id: number, options?: CallOptions): APIPromise<void>
  /** Lists the deliveries of a subscription and their status. */
  deliveries: NestedListMethod<`GET ${typeof deliveries}`>
  /** Reads a delivery. */
  delivery(id: number, deliveryId: string, options?: CallOptions): APIPromise<SubscriptionDelivery>
}

/** Creates the subscriptions resource. */
export const createSubscriptions: Resource<Subscriptions> = (api) => ({
  ...collection(api, subscriptions, subscription),
  ...softDeletes(api, subscription),
  // The response has no body.
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

/** An alert on an insight. */
export interface Alert extends ResponseOf<`GET ${typeof alert}`> {}

/** Alerts on insights. They notify users when a value crosses a threshold. */
export interface Alerts
  extends Collection<typeof alerts, typeof alert>,
    HardDeletable<`DELETE ${typeof alert}`> {
  /**
   * Sends an alert to a Slack channel too. PostHog stores a destination as a Hog function, and accepts up to 5 per
   * alert (PostHog/posthog products/alerts_platform/backend/facade/api.py).
   *
   * @throws BadRequestError for a workspace that is not an integration of the project
   * @example
   * const { hog_function_ids } = await posthog.alerts.createDestination(id, { slack_workspace_id: 3, slack_channel_id: 'C01' })
   */
  createDestination: IdBodyMethod<`POST ${typeof alert}destinations/`>
  /**
   * Deletes destinations of an alert, by the ids of their Hog functions.
   *
   * @throws BadRequestError if a function does not belong to the alert
   * @example
   * const { hog_function_ids } = await posthog.alerts.createDestination(id, { slack_workspace_id: 3, slack_channel_id: 'C01' })
   * await posthog.alerts.deleteDestinations(id, hog_function_ids)
   */
  deleteDestinations(id: string, hogFunctionIds: readonly string[], options?: CallOptions): APIPromise<void>
}

/** Creates the alerts resource. */
export const createAlerts: Resource<Alerts> = (api) => ({
  ...collection(api, alerts, alert),
  ...hardDeletes(api, alert),
  createDestination: method(api, `POST ${alert}destinations/`, 'id, body'),
  deleteDestinations: (id, hogFunctionIds, options) => {
    const route = `POST ${alert}destinations/delete/` as const
    const input = (): RequestInput<typeof route> => {
      requireList('hogFunctionIds', hogFunctionIds)
      return { path: { id }, body: { hog_function_ids: [...hogFunctionIds] } }
    }
    // The response has no body.
    return checkedCall(api, route, input, options) as APIPromise<never>
  },
})
