import { UUID } from '../resources/persons/person-table.ts'
import type { ServerState } from '../server-state.ts'
import type { CapturedEvent } from './captured-event.ts'
import { addDistinctIdsOf } from './person-updates.ts'
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
  const distinctIds = new Set<string>()
  const uuids: string[] = []
  for (const [index, row] of rows.entries()) {
    checkRow(row, index)
    addDistinctIdsOf({ ...row, properties: row.properties ?? {} }, distinctIds)
    if (row.uuid !== undefined) uuids.push(row.uuid.toLowerCase())
  }
  await storeEvents(state, capturedEvents(rows, state.now()), { distinctIds, uuids })
}

/** Converts rows one at a time: hundreds of thousands of events need much memory. */
function* capturedEvents(rows: readonly LocalEvent[], now: Date): Generator<CapturedEvent> {
  for (const { event, distinctId, timestamp = now, properties = {}, uuid } of rows) {
    yield {
      uuid: uuid?.toLowerCase() ?? crypto.randomUUID(),
      event,
      distinctId,
      timestamp: new Date(timestamp),
      properties,
    }
  }
}

function checkRow({ event, distinctId, timestamp, uuid }: LocalEvent, index: number): void {
  const reject = (field: string, expected: string, value: unknown): never => {
    const text = value instanceof Date ? String(value) : JSON.stringify(value)
    throw new Error(`Expected \`${field}\` of event ${index} to be ${expected}, got ${text}.`)
  }
  if (typeof event !== 'string' || event === '') reject('event', 'a name', event)
  if (typeof distinctId !== 'string' || distinctId === '') {
    reject('distinctId', 'a non-empty string', distinctId)
  }
  if (timestamp !== undefined && Number.isNaN(new Date(timestamp).getTime())) {
    reject('timestamp', 'a date or an ISO time', timestamp)
  }
  if (uuid !== undefined && !UUID.test(uuid)) reject('uuid', 'a UUID', uuid)
}
