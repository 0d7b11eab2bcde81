import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { requireList, requireObject } from '../check-arguments.ts'
import { method, type QueryMethod } from '../methods.ts'
import { RowStream } from '../query/stream/row-stream.ts'
import type { RowSource, StreamPage } from '../query/stream/stream-options.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import type { Resource } from '../verbs.ts'
import { type Captured, type CaptureOptions, captureBatch } from './capture.ts'
import type { EventToCapture } from './captured-event.ts'
import {
  type DefaultEventColumn,
  type EventColumn,
  type EventRow,
  type EventStreamOptions,
  streamEvents,
} from './stream-events.ts'

/** The events of a project. */
export interface Events {
  /**
   * All events of a span of time, however many, ordered by time and id: read by HogQL, piece by piece, each from where
   * the last one ended. `from` belongs to the span, `to` does not.
   *
   * @throws ConfigurationError for a moment without a zone; TruncatedResultError when `verifyCount` finds that some
   * are missing; QueryTimeoutError when even a second takes too long
   * @example
   * const columns = ['uuid', 'timestamp', 'event'] as const
   * for await (const row of posthog.events.stream({ from: '2026-01-01', to: '2026-02-01', columns })) await save(row)
   */
  stream<Column extends EventColumn = DefaultEventColumn>(
    options: EventStreamOptions<Column>,
  ): RowStream<EventRow<Column>>
}

/** Binds events to a client. */
export function createEvents(requester: Requester): Events {
  return {
    stream: <Column extends EventColumn>(options: EventStreamOptions<Column>) => {
      requireObject('options', options)
      if (options.columns !== undefined) requireList('columns', options.columns)
      return new RowStream(eventRows<EventRow<Column>>(requester, options))
    },
  }
}

function eventRows<Row>(requester: Requester, options: EventStreamOptions): RowSource<Row> {
  return {
    requester,
    async *pages(how): AsyncGenerator<StreamPage<Row>, undefined> {
      // The columns are those of `Row`.
      yield* streamEvents(requester, options, how) as AsyncGenerator<StreamPage<Row>, undefined>
    },
    identity: async () => ({ what: 'events', how: options }),
    resumable: true,
  }
}

const all = '/api/projects/{project_id}/events/'
const one = '/api/projects/{project_id}/events/{id}/'

/** Single events, and events that are captured. */
export interface ManageEvents {
  /**
   * One event by its uuid. PostHog calls this deprecated and asks to use HogQL.
   *
   * @throws NotFoundError when there is none
   */
  get(id: string, options?: CallOptions): APIPromise<ResponseOf<`GET ${typeof one}`>>
  /**
   * Values that a property of an event has. Keys have to name the event too.
   *
   * @example const plans = await posthog.events.values({ key: 'plan', event_name: ['signed up'] })
   */
  values: QueryMethod<`GET ${typeof all}values/`>
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
  get: method(api, `GET ${one}`, 'id'),
  values: method(api, `GET ${all}values/`, 'query'),
  capture: async (event, options) => captureBatch(api, [event], options),
  captureBatch: async (events, options) => {
    requireList('events', events)
    return captureBatch(api, events, options)
  },
})
