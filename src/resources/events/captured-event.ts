import { ConfigurationError } from '../../runtime/errors/configuration-error.ts'
import type { BodyOf } from '../routes.ts'

/** An event that is to be captured. */
export interface EventToCapture {
  /** Such as `signed up`; 200 characters at most. */
  readonly event: string
  /** Whose it is. */
  readonly distinctId: string
  readonly properties?: Readonly<Record<string, unknown>>
  /** When it happened. Default: now. */
  readonly timestamp?: Date | string
  /** Tells it from others; the same event sent twice counts once. Default: a new one. */
  readonly uuid?: string
}

/** An event as PostHog takes it. */
export type CapturedEvent = BodyOf<'POST /batch/'>['batch'][number]

/** Spells an event as PostHog takes it: PostHog refuses a whole batch for one event that has no name or no id. */
export function toCapturedEvent(
  { event, distinctId, properties, timestamp = new Date(), uuid = crypto.randomUUID() }: EventToCapture,
  index: number,
): CapturedEvent {
  const faulty = !isText(event) ? 'event' : !isText(distinctId) ? 'distinctId' : undefined
  if (faulty !== undefined) {
    throw new ConfigurationError({
      message: `Event ${index} has no \`${faulty}\`; a text was expected.`,
      fix: 'Give each event a name and the id of whose it is. Nothing was sent.',
    })
  }
  const at = new Date(timestamp)
  if (Number.isNaN(at.getTime())) {
    throw new ConfigurationError({
      message: `The \`timestamp\` of event ${index} is no time.`,
      fix: 'Pass a Date, or a text such as 2026-01-01T00:00:00Z. Nothing was sent.',
    })
  }
  return {
    event,
    distinct_id: distinctId,
    uuid,
    timestamp: at.toISOString(),
    ...(properties === undefined ? {} : { properties }),
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}
