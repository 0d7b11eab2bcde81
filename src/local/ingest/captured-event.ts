import { isObject } from '../http/json.ts'
import { UUID } from '../resources/persons/person-table.ts'
import { PlainError } from './plain-error.ts'

/** An event that came in. */
export interface CapturedEvent {
  readonly uuid: string
  readonly event: string
  readonly distinctId: string
  readonly timestamp: Date
  readonly properties: Readonly<Record<string, unknown>>
}

/** When the events were received, and when the sender says to have sent them. */
export interface SendTimes {
  readonly now: Date
  readonly sentAt: Date | undefined
}

const LONGEST = 200
const AHEAD_MS = 23 * 3_600_000

/**
 * Reads one event.
 *
 * @throws PlainError 400 without a name or a distinct id, and for a uuid that is none.
 */
export function readCaptured(value: unknown, times: SendTimes): CapturedEvent {
  if (!isObject(value)) throw new PlainError(400, 'An event must be an object')
  const { event, uuid } = value
  if (typeof event !== 'string' || event === '') throw new PlainError(400, 'An event has no name')
  if (uuid !== undefined && uuid !== null && uuid !== '' && !UUID.test(String(uuid))) {
    throw new PlainError(400, 'The uuid of an event is not a UUID')
  }
  const given = isObject(value['properties']) ? value['properties'] : {}
  const { $set, $set_once } = value
  return {
    uuid: typeof uuid === 'string' && uuid !== '' ? uuid.toLowerCase() : crypto.randomUUID(),
    event: event.slice(0, LONGEST),
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
    throw new PlainError(400, 'An event has no distinct_id')
  }
  return text.slice(0, LONGEST)
}

/** The event's time by this clock. What cannot be read, or lies far ahead, is now. */
function timeOf(value: Readonly<Record<string, unknown>>, { now, sentAt }: SendTimes): Date {
  const { timestamp, offset } = value
  if (typeof offset === 'number') return new Date(now.getTime() - offset)
  if (typeof timestamp !== 'string') return now
  const told = Date.parse(timestamp)
  const at = told + (sentAt === undefined ? 0 : now.getTime() - sentAt.getTime())
  if (Number.isNaN(at) || at > now.getTime() + AHEAD_MS || at < 0) return now
  return new Date(at)
}
