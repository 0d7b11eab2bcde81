import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { requireObject, requireText } from '../check-arguments.ts'
import { type CaptureOptions, type CaptureResult, captureBatch } from '../events/capture.ts'
import type { Requester } from '../requester.ts'

/** What `persons.identify` sets. */
export interface Identification {
  /** Properties to set. */
  readonly set?: Readonly<Record<string, unknown>> | undefined
  /** Properties to set if the person does not have them. */
  readonly setOnce?: Readonly<Record<string, unknown>> | undefined
  /** The distinct id before the login. PostHog merges its person into this one, which cannot be undone. */
  readonly anonymousId?: string | undefined
  /** Time of the event. Default: now. */
  readonly timestamp?: Date | string | undefined
  /** Deduplicates the event. Default: a random UUID. */
  readonly uuid?: string | undefined
}

const identificationNames: OptionNames<Identification> = {
  set: true,
  setOnce: true,
  anonymousId: true,
  timestamp: true,
  uuid: true,
}

/** Captures `$identify`, as PostHog's SDKs do. */
export async function identify(
  api: Requester,
  distinctId: string,
  identification: Identification = {},
  options?: CaptureOptions,
): Promise<CaptureResult> {
  requireText('distinctId', distinctId)
  requireObject('identification', identification)
  rejectUnknownOptions('persons.identify', identification, identificationNames)
  const { set, setOnce, anonymousId, timestamp, uuid } = identification
  if (set !== undefined) requireObject('set', set)
  if (setOnce !== undefined) requireObject('setOnce', setOnce)
  if (anonymousId !== undefined) requireText('anonymousId', anonymousId)
  const properties = {
    ...(set === undefined ? {} : { $set: set }),
    ...(setOnce === undefined ? {} : { $set_once: setOnce }),
    ...(anonymousId === undefined ? {} : { $anon_distinct_id: anonymousId }),
  }
  const event = { event: '$identify', distinctId, properties, timestamp, uuid }
  return captureBatch(api, [event], options)
}
