import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { requireList, requireObject } from '../check-arguments.ts'
import { method, type QueryMethod } from '../methods.ts'
import type { EventName, ProjectRegistry } from '../project-names.ts'
import { RowStream } from '../query/stream/row-stream.ts'
import type { RowSource, StreamPage } from '../query/stream/stream-options.ts'
import type { CallOptions, Requester, ResponseOf } from '../requester.ts'
import type { Resource } from '../verbs.ts'
import { type CaptureOptions, type CaptureResult, captureBatch } from './capture.ts'
import type { BatchEvent, ProjectEvent } from './captured-event.ts'
import {
  type DefaultEventColumn,
  type EventColumn,
  type EventRow,
  type EventStreamOptions,
  streamEvents,
} from './stream-events.ts'

/** Streaming of events. */
export interface Events<Project = ProjectRegistry> {
  /**
   * Streams all events of a time range, ordered by timestamp and UUID. Typehog reads them with HogQL, one time window
   * after another. `from` is inclusive, `to` is exclusive.
   *
   * @throws ConfigurationError for a time without a time zone; TruncatedResultError if `verifyCount` finds missing
   * events; QueryTimeoutError if even a window of one second times out
   * @example
   * const columns = ['uuid', 'timestamp', 'event'] as const
   * for await (const row of posthog.events.stream({ from: '2026-01-01', to: '2026-02-01', columns })) await save(row)
   */
  stream<Column extends EventColumn = DefaultEventColumn>(
    options: EventStreamOptions<Column, EventName<Project>>,
  ): RowStream<EventRow<Column>>
}

/** Creates `events.stream`. */
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
    async *pages(sourceOptions): AsyncGenerator<StreamPage<Row>, undefined> {
      // `Row` has the requested columns.
      yield* streamEvents(requester, options, sourceOptions) as AsyncGenerator<StreamPage<Row>, undefined>
    },
    identity: async () => ({ query: 'events', options }),
    resumable: true,
  }
}

const all = '/api/projects/{project_id}/events/'
const one = '/api/projects/{project_id}/events/{id}/'

/** Reading and capturing of single events. */
export interface ManageEvents<Project = ProjectRegistry> {
  /**
   * Reads an event by UUID. PostHog deprecated this route in favor of HogQL.
   *
   * @throws NotFoundError if it does not exist
   */
  get(id: string, options?: CallOptions): APIPromise<ResponseOf<`GET ${typeof one}`>>
  /**
   * Returns the values of an event property. API keys must pass `event_name`.
   *
   * @example const plans = await posthog.events.values({ key: 'plan', event_name: ['signed up'] })
   */
  values: QueryMethod<`GET ${typeof all}values/`>
  /**
   * Captures an event. With the names of a project, its name and properties are typed; see `ProjectNames`.
   *
   * @throws ConfigurationError for an event without a name or distinct id; UnsentEventsError if it was not captured
   * @example await posthog.events.capture({ event: 'signed up', distinctId: 'user-1', properties: { plan: 'pro' } })
   */
  capture<Name extends EventName<Project>>(
    event: ProjectEvent<Name, Project>,
    options?: CaptureOptions,
  ): Promise<CaptureResult>
  /**
   * Captures events in requests of up to 20 MB before compression. PostHog accepts or rejects a request as a whole.
   *
   * @throws ConfigurationError for an event without a name or distinct id, before anything is sent; UnsentEventsError
   * with the events that were not captured. If PostHog drops events over a billing limit, its `cause` is a
   * `QuotaExceededError`
   * @example const { sent } = await posthog.events.captureBatch(events, { historical: true })
   */
  captureBatch(events: readonly BatchEvent<Project>[], options?: CaptureOptions): Promise<CaptureResult>
}

/** Creates the methods that read and capture single events. */
export const manageEvents: Resource<ManageEvents> = (api) => ({
  get: method(api, `GET ${one}`, 'id'),
  values: method(api, `GET ${all}values/`, 'query'),
  capture: async (event, options) => captureBatch(api, [event], options),
  captureBatch: async (events, options) => {
    requireList('events', events)
    return captureBatch(api, events, options)
  },
})
