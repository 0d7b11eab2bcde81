import { type EventToCapture, uuidPattern, writeEvent } from '../../resources/events/captured-event.ts'
import { timestampOf } from '../../resources/query/stream/time-windows.ts'
import { QuotaExceededError } from '../../runtime/errors/api-errors.ts'
import { UnsentEventsError } from '../../runtime/errors/result-errors.ts'
import { toJson } from '../../runtime/rows/write-rows.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { connectAccount, connectWithoutKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { describeError, UsageError } from '../errors.ts'
import type { Flags } from '../library-fixes.ts'
import { type Line, style } from '../output/style.ts'
import { parseProperties, readProperties } from './read-properties.ts'

/** Options of `capture`. */
export interface CaptureCommandOptions {
  readonly distinctId: string
  readonly property?: readonly string[]
  readonly properties?: string
  readonly set?: readonly string[]
  readonly setOnce?: readonly string[]
  readonly timestamp?: string
  readonly uuid?: string
  readonly token?: string
  readonly dryRun?: boolean
}

/** An event with the UUID and the time that it is sent with. */
type FinalEvent = EventToCapture & { readonly uuid: string; readonly timestamp: string }

/**
 * `typehog capture`: captures one event and prints it. A dry run sends nothing. It needs no key, and neither does a call
 * with `--token`.
 */
export async function captureCommand(
  context: Context,
  name: string,
  options: CaptureCommandOptions,
): Promise<ExitCode> {
  const { token, dryRun = false } = options
  const event = await readEvent(context, name, options)
  if (dryRun) return report(context, event, true, 'Dry run, nothing was sent:')
  const connect = token === undefined ? connectAccount : connectWithoutKey
  const { client, host, projectId } = await connect(context)
  const { signal } = context.io
  if (token === undefined && client.config.keyKind === 'project_secret') {
    throw new UsageError(
      'A project secret API key (phs_) cannot read the public token of its project.',
      'Pass --token phc_…, or set POSTHOG_PERSONAL_API_KEY to a personal API key with the scope project:read.',
    )
  }
  try {
    await client.events.capture(event, { signal, ...(token === undefined ? {} : { token }) })
  } catch (error) {
    throw error instanceof UnsentEventsError ? notCaptured(error, event, context.flags) : error
  }
  const target = token === undefined ? `project ${projectId}` : 'the project of --token'
  const code = report(context, event, false, `Sent to ${target} on ${host}:`)
  context.note('PostHog processes events later: it shows this one within a minute or so.')
  if (token !== undefined) context.note('PostHog also accepts unknown tokens, and drops their events.')
  return code
}

/** Reads the event from the command line. Its UUID and time are final, so that a second send creates no duplicate. */
async function readEvent(
  context: Context,
  event: string,
  options: CaptureCommandOptions,
): Promise<FinalEvent> {
  const { distinctId, property = [], properties: json, set = [], setOnce = [], timestamp, uuid } = options
  if (event.trim() === '') throw emptyError('the name of the event')
  if (distinctId.trim() === '') throw emptyError('--distinct-id')
  if (uuid !== undefined && !uuidPattern.test(uuid)) {
    throw new UsageError(`Expected --uuid to be a UUID, got "${uuid}".`, 'Omit it for a random one.')
  }
  const properties: Record<string, unknown> = {
    ...(json === undefined ? {} : await readProperties(context.io, json, '--properties')),
    ...parseProperties(property, '--property'),
  }
  // `--properties` may have them too.
  const { $set, $set_once } = properties
  if (set.length > 0) properties['$set'] = { ...Object($set), ...parseProperties(set, '--set') }
  if (setOnce.length > 0) {
    properties['$set_once'] = { ...Object($set_once), ...parseProperties(setOnce, '--set-once') }
  }
  const input: EventToCapture = {
    event,
    distinctId,
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(timestamp === undefined ? {} : { timestamp: readTimestamp(timestamp) }),
    ...(uuid === undefined ? {} : { uuid }),
  }
  return writeEvent(input, 0).source
}

function emptyError(what: string): UsageError {
  return new UsageError(
    `Expected ${what} not to be empty.`,
    'Write typehog capture <event> --distinct-id <id>.',
  )
}

function readTimestamp(text: string): string {
  try {
    return new Date(timestampOf('--timestamp', text)).toISOString()
  } catch (error) {
    throw new UsageError(
      `Expected --timestamp to be a day, or a time with a time zone, got "${text}".`,
      'Write, for example: --timestamp 2026-01-31T12:00:00Z.',
      error,
    )
  }
}

/** The error of the library in the words of this command. */
function notCaptured(
  error: UnsentEventsError,
  { uuid, timestamp }: FinalEvent,
  flags: Flags,
): UnsentEventsError {
  const { cause, sent, unsent } = error
  // The library's fix names the events of the error.
  const fix =
    cause instanceof QuotaExceededError
      ? 'Raise the billing limit of this product.'
      : describeError(cause, flags).fix
  const retry = `To send the event again without a duplicate, add --uuid ${uuid} --timestamp ${timestamp}.`
  return new UnsentEventsError({
    message: `The event was not captured: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: fix === undefined ? retry : `${fix} ${retry}`,
    cause,
    sent,
    unsent,
  })
}

function report(context: Context, event: FinalEvent, dryRun: boolean, title: string): ExitCode {
  const { event: name, distinctId, timestamp, uuid, properties = {} } = event
  if (context.options.json === true) {
    context.printJson({ ok: true, dryRun, event: { event: name, distinctId, timestamp, uuid, properties } })
    return exitCodes.ok
  }
  const lines = [
    ['event', name],
    ['distinct id', distinctId],
    ['time', timestamp],
    ['uuid', uuid],
    ...Object.entries(properties).map(([key, value]) => [
      `  ${key}`,
      typeof value === 'string' ? value : toJson(value, 0),
    ]),
  ].map(([label = '', value = '']): Line => [style.bold(label.padEnd(13)), value])
  context.print(title, ...lines)
  return exitCodes.ok
}
