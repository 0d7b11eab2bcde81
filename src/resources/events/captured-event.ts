import {
  isPlainObject,
  type OptionNames,
  refuseUnknown,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import type { BodyOf } from '../requester.ts'

/** An event that is to be captured. */
export interface EventToCapture {
  /** Such as `signed up`; 200 characters at most. */
  readonly event: string
  /** Whose it is. */
  readonly distinctId: string
  /** Whatever JSON has; a bigint is sent as a text. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined
  /** When it happened. Default: now. */
  readonly timestamp?: Date | string | undefined
  /** Tells it from others; the same event sent twice at the same time counts once. Default: a new one. */
  readonly uuid?: string | undefined
}

const eventNames: OptionNames<EventToCapture> = {
  event: true,
  distinctId: true,
  properties: true,
  timestamp: true,
  uuid: true,
}

/** An event as PostHog takes it. */
export type CapturedEvent = BodyOf<'POST /batch/'>['batch'][number]

/** An event as it is sent. */
export interface WrittenEvent {
  /** What was given, with the uuid and the time that it is sent with. */
  readonly source: EventToCapture & { readonly uuid: string; readonly timestamp: string }
  /** Its JSON, as PostHog takes it. */
  readonly text: string
}

/** With or without hyphens, as PostHog reads it. */
const uuidShape = /^[\da-f]{8}(-?)[\da-f]{4}\1[\da-f]{4}\1[\da-f]{4}\1[\da-f]{12}$/i

/** Writes an event as PostHog takes it: PostHog refuses a whole batch for one event that has no name or no id. */
export function writeEvent(given: EventToCapture, index: number): WrittenEvent {
  if (!isPlainObject(given))
    throw unexpected(`Event ${index}`, given, 'an object with `event` and `distinctId`')
  refuseUnknown(`event ${index}`, given, eventNames)
  const { event, distinctId, properties, timestamp = new Date(), uuid = crypto.randomUUID() } = given
  const refuse = (message: string, fix: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError({ message, fix: `${fix} Nothing was sent.`, cause })
  const faulty = !isText(event) ? 'event' : !isText(distinctId) ? 'distinctId' : undefined
  if (faulty !== undefined) {
    throw refuse(
      `Event ${index} has no \`${faulty}\`; a text was expected.`,
      'Give each event a name and the id of whose it is.',
    )
  }
  if (!uuidShape.test(uuid)) {
    throw refuse(
      `The \`uuid\` of event ${index} is none.`,
      'Leave it out, or pass one such as v5 makes of an id.',
    )
  }
  // Null would be 1970.
  const at = new Date(timestamp ?? Number.NaN)
  if (Number.isNaN(at.getTime())) {
    throw refuse(
      `The \`timestamp\` of event ${index} is no time.`,
      'Pass a Date, or a text such as 2026-01-01T00:00:00Z.',
    )
  }
  const source = { ...given, uuid, timestamp: at.toISOString() }
  const captured: CapturedEvent = {
    event,
    distinct_id: distinctId,
    uuid,
    timestamp: source.timestamp,
    ...(properties === undefined ? {} : { properties }),
  }
  try {
    return { source, text: JSON.stringify(captured, writable) }
  } catch (cause) {
    throw refuse(
      `The \`properties\` of event ${index} cannot be written as JSON: ${String(cause).split('\n')[0]}`,
      'Leave out what refers to itself, and what has a `toJSON` that throws.',
      cause,
    )
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

/** JSON has no integers beyond what a number holds. */
function writable(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
