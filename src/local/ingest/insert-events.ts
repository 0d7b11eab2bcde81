import { UUID } from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import type { CapturedEvent } from './captured-event.ts'
import { storeEvents } from './store-events.ts'

/** An event to insert. */
export interface LocalEvent {
  readonly event: string
  readonly distinctId: string
  /** Default: the time of the clock. */
  readonly timestamp?: Date | string | undefined
  /** Event properties. `$set`, `$set_once` and `$unset` change the person, `$groups` names groups. Default: none. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined
  /** Default: random. An event with a stored uuid is skipped. */
  readonly uuid?: string | undefined
}

/** Options of `LocalEvents.insert`. */
export interface InsertEventsOptions {
  /** Id of the project. Default: the current one. */
  readonly projectId?: number | undefined
}

/** The events of a local PostHog. */
export interface LocalEvents {
  /**
   * Inserts events as if they had been captured, and creates their persons. Does not read the clock for given times, so
   * events may be older or newer than it.
   *
   * @throws Error for a row without a name or distinct id, with an unreadable timestamp or with an invalid uuid. Then
   * no row is inserted.
   * @example
   * await local.events.insert([
   *   { event: 'sign_up', distinctId: 'ada', properties: { plan: 'pro', $set: { email: 'ada@example.com' } } },
   * ])
   */
  insert(events: readonly LocalEvent[], options?: InsertEventsOptions): Promise<void>
}

/** Inserts events into a project. */
export async function insertEvents(state: ServerState, rows: readonly LocalEvent[]): Promise<void> {
  if (!state.engine.available) {
    throw new Error(
      'Inserting events needs the optional package chdb, which is not installed. Install it: npm i -D chdb',
    )
  }
  const now = state.now()
  const events = rows.map((row, index) => toEvent(row, index, now))
  const givenUuids = rows.flatMap(({ uuid }) => (uuid === undefined ? [] : [uuid.toLowerCase()]))
  await storeEvents(state, events, givenUuids)
}

function toEvent(row: LocalEvent, index: number, now: Date): CapturedEvent {
  const { event, distinctId, timestamp = now, properties = {}, uuid } = row
  const reject = (field: string, expected: string, value: unknown): never => {
    const text = value instanceof Date ? String(value) : JSON.stringify(value)
    throw new Error(`Expected \`${field}\` of event ${index} to be ${expected}, got ${text}.`)
  }
  const time = new Date(timestamp)
  if (typeof event !== 'string' || event === '') reject('event', 'a name', event)
  if (typeof distinctId !== 'string' || distinctId === '')
    reject('distinctId', 'a non-empty string', distinctId)
  if (Number.isNaN(time.getTime())) reject('timestamp', 'a date or an ISO time', timestamp)
  if (uuid !== undefined && !UUID.test(uuid)) reject('uuid', 'a UUID', uuid)
  return {
    uuid: uuid?.toLowerCase() ?? crypto.randomUUID(),
    event,
    distinctId,
    timestamp: time,
    properties,
  }
}
