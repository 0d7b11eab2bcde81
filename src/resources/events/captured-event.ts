import {
  isPlainObject,
  type OptionNames,
  rejectUnknownOptions,
  unexpected,
} from '../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../runtime/errors/posthog-error.ts'
import type { EventName, ProjectRegistry, PropertiesOf } from '../project-names.ts'
import type { BodyOf } from '../requester.ts'

/** An event to capture. */
export interface EventToCapture {
  /** Name of the event, such as `signed up`. Up to 200 characters. */
  readonly event: string
  /** Distinct id of the person. */
  readonly distinctId: string
  /** Properties as JSON values. A bigint is sent as a string. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined
  /** Time of the event. Default: now. */
  readonly timestamp?: Date | string | undefined
  /** Deduplicates the event: PostHog counts the same UUID, name and time once. Default: a random UUID. */
  readonly uuid?: string | undefined
}

/** An event to capture, checked against the names of a project. */
export interface ProjectEvent<Name extends string, Project = ProjectRegistry>
  extends Pick<EventToCapture, 'distinctId' | 'timestamp' | 'uuid'> {
  /** Name of the event, such as `signed up`. Up to 200 characters. */
  readonly event: Name
  /** Properties as JSON values. A bigint is sent as a string. */
  readonly properties?: PropertiesOf<Name, Project> | undefined
}

/** An event of a batch, with a name of a project. */
export interface BatchEvent<Project = ProjectRegistry> extends Omit<EventToCapture, 'event'> {
  /** Name of the event, such as `signed up`. Up to 200 characters. */
  readonly event: EventName<Project>
}

const eventNames: OptionNames<EventToCapture> = {
  event: true,
  distinctId: true,
  properties: true,
  timestamp: true,
  uuid: true,
}

/** An event in PostHog's wire format. */
export type CapturedEvent = BodyOf<'POST /batch/'>['batch'][number]

/** A serialized event. */
export interface WrittenEvent {
  /** The input event with its final UUID and timestamp. */
  readonly source: EventToCapture & { readonly uuid: string; readonly timestamp: string }
  /** JSON in PostHog's wire format. */
  readonly text: string
}

/** PostHog accepts UUIDs with and without hyphens. */
export const uuidPattern: RegExp = /^[\da-f]{8}(-?)[\da-f]{4}\1[\da-f]{4}\1[\da-f]{4}\1[\da-f]{12}$/i

/**
 * Validates and serializes an event. PostHog rejects a whole batch if one event has no name or distinct id.
 *
 * @throws ConfigurationError naming the event by its index
 */
export function writeEvent(input: EventToCapture, index: number): WrittenEvent {
  if (!isPlainObject(input))
    throw unexpected(`Event ${index}`, input, 'an object with `event` and `distinctId`')
  rejectUnknownOptions(`event ${index}`, input, eventNames)
  const { event, distinctId, properties, timestamp = new Date(), uuid = crypto.randomUUID() } = input
  const invalid = (message: string, fix: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError({ message, fix: `${fix} Nothing was sent.`, cause })
  const missing = !isNonEmptyString(event)
    ? 'event'
    : !isNonEmptyString(distinctId)
      ? 'distinctId'
      : undefined
  if (missing !== undefined) {
    throw invalid(
      `Event ${index} has no \`${missing}\`; expected a non-empty string.`,
      'Give each event a name and the distinct id of its person.',
    )
  }
  if (!uuidPattern.test(uuid)) {
    throw invalid(
      `The \`uuid\` of event ${index} is not a valid UUID.`,
      'Omit it, or pass a valid UUID, such as a v5 UUID of your own id.',
    )
  }
  // `new Date(null)` would be 1970.
  const at = new Date(timestamp ?? Number.NaN)
  if (Number.isNaN(at.getTime())) {
    throw invalid(
      `The \`timestamp\` of event ${index} is not a valid date.`,
      'Pass a Date, or a string such as 2026-01-01T00:00:00Z.',
    )
  }
  const source = { ...input, uuid, timestamp: at.toISOString() }
  const captured: CapturedEvent = {
    event,
    distinct_id: distinctId,
    uuid,
    timestamp: source.timestamp,
    ...(properties === undefined ? {} : { properties }),
  }
  try {
    return { source, text: JSON.stringify(captured, bigintToString) }
  } catch (cause) {
    throw invalid(
      `The \`properties\` of event ${index} cannot be serialized as JSON: ${String(cause).split('\n')[0]}`,
      'Remove circular references, and values whose `toJSON` throws.',
      cause,
    )
  }
}

function isNonEmptyString(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

/** JSON.stringify throws for a bigint. */
function bigintToString(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
