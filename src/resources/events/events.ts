import { requireList, requireObject } from '../check-arguments.ts'
import type { RowSource } from '../query/stream/row-source.ts'
import { RowStream } from '../query/stream/row-stream.ts'
import type { StreamPage } from '../query/stream/stream-options.ts'
import type { Requester } from '../requester.ts'
import type { EventColumn, EventRow } from './event-row.ts'
import type { DefaultEventColumn, EventStreamOptions } from './event-stream-options.ts'
import { streamEvents } from './stream-events.ts'

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
