import { isObject } from '../../shared/is-object.ts'
import { UUID } from '../resources/persons/person-table.ts'
import { PlainTextError } from './request-body.ts'

/** A captured event. */
export interface CapturedEvent {
  readonly uuid: string
  readonly event: string
  readonly distinctId: string
  readonly timestamp: Date
  readonly properties: Readonly<Record<string, unknown>>
}

/** The times when the server received the events and when the client claims to have sent them. */
export interface SendTimes {
  readonly now: Date
  readonly sentAt: Date | undefined
}

/** Maximum length of event names and distinct ids, in characters. */
const MAX_LENGTH = 200
/** Maximum time of a timestamp in the future, in milliseconds. */
const MAX_AHEAD_MS = 23 * 3_600_000

/**
 * Parses one event.
 *
 * @throws PlainTextError 400 without a name or a distinct id, or with an invalid uuid.
 */
export function parseCapturedEvent(value: unknown, times: SendTimes): CapturedEvent {
  if (!isObject(value)) throw new PlainTextError(400, 'An event must be an object')
  const { event, uuid } = value
  if (typeof event !== 'string' || event === '') throw new PlainTextError(400, 'An event has no name')
  if (uuid !== undefined && uuid !== null && uuid !== '' && !UUID.test(String(uuid))) {
    throw new PlainTextError(400, 'The uuid of an event is not a UUID')
  }
  const given = isObject(value['properties']) ? value['properties'] : {}
  const { $set, $set_once } = value
  return {
    uuid: typeof uuid === 'string' && uuid !== '' ? uuid.toLowerCase() : crypto.randomUUID(),
    event: event.slice(0, MAX_LENGTH),
    distinctId: distinctIdOf(value['distinct_id'] ?? given['distinct_id'] ?? given['$distinct_id']),
    timestamp: timeOf(value, times),
    properties: {
      ...given,
      ...(isObject($set) ? { $set: { ...$set, ...membersOf(given['$set']) } } : {}),
      ...(isObject($set_once) ? { $set_once: { ...$set_once, ...membersOf(given['$set_once']) } } : {}),
    },
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

function distinctIdOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '')
  if (value === undefined || value === null || text.trim() === '') {
    throw new PlainTextError(400, 'An event has no distinct_id')
  }
  return text.slice(0, MAX_LENGTH)
}

/** The event's time, corrected by the client's clock skew. An invalid time, or one far ahead, becomes now. */
function timeOf(value: Readonly<Record<string, unknown>>, { now, sentAt }: SendTimes): Date {
  const { timestamp, offset } = value
  if (typeof offset === 'number') return new Date(now.getTime() - offset)
  if (typeof timestamp !== 'string') return now
  const sent = Date.parse(timestamp)
  const at = sent + (sentAt === undefined ? 0 : now.getTime() - sentAt.getTime())
  if (Number.isNaN(at) || at > now.getTime() + MAX_AHEAD_MS || at < 0) return now
  return new Date(at)
}
