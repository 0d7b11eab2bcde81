import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { type AskCall, actCall, askCall } from '../calls.ts'
import { requireList } from '../check-arguments.ts'
import type { CallOptions } from '../requester.ts'
import type { AnswerOf } from '../routes.ts'
import type { Resource } from '../verbs.ts'
import type { Captured, CaptureOptions } from './capture.ts'
import { captureBatch } from './capture.ts'
import type { EventToCapture } from './captured-event.ts'

const all = '/api/projects/{project_id}/events/'
const one = '/api/projects/{project_id}/events/{id}/'

/** Single events, and events that are captured. */
export interface ManageEvents {
  /**
   * One event by its uuid. PostHog calls this deprecated and asks to use HogQL.
   *
   * @throws NotFoundError when there is none
   */
  get(id: string, options?: CallOptions): APIPromise<AnswerOf<`GET ${typeof one}`>>
  /**
   * Values that a property of an event has. Keys have to name the event too.
   *
   * @example const plans = await posthog.events.values({ key: 'plan', event_name: ['signed up'] })
   */
  values: AskCall<`GET ${typeof all}values/`>
  /**
   * Captures one event.
   *
   * @throws ConfigurationError for an event without a name or an id; UnsentEventsError when it was not captured
   * @example await posthog.events.capture({ event: 'signed up', distinctId: 'user-1', properties: { plan: 'pro' } })
   */
  capture(event: EventToCapture, options?: CaptureOptions): Promise<Captured>
  /**
   * Captures events, compressed, and in as many requests as their size takes. PostHog takes or refuses all events of a
   * request together.
   *
   * @throws ConfigurationError for an event without a name or an id, before anything is sent; UnsentEventsError, which
   * has those that were not captured, also when PostHog drops events over a billing limit (a `QuotaExceededError` is the
   * `cause` then)
   * @example const { sent } = await posthog.events.captureBatch(events, { historical: true })
   */
  captureBatch(events: readonly EventToCapture[], options?: CaptureOptions): Promise<Captured>
}

/** Binds single events and capturing to a client. */
export const manageEvents: Resource<ManageEvents> = (api) => ({
  get: actCall(api, `GET ${one}`),
  values: askCall(api, `GET ${all}values/`),
  capture: async (event, options) => captureBatch(api, [event], options),
  captureBatch: async (events, options) => {
    requireList('events', events)
    return captureBatch(api, events, options)
  },
})
