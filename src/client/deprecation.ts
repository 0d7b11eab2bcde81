import { DeprecationError } from '../runtime/errors/call-errors.ts'
import type { CallNotice } from '../runtime/observe/notices.ts'
import type { InternalCall } from '../runtime/transport/call.ts'
import type { CallResult } from '../runtime/transport/http-response.ts'

const allow = "allow it with `client.with({ deprecations: 'log' })`"

/** The error of a call that was not sent, because PostHog's schema marks its operation as deprecated. */
export function unsentDeprecation(notice: CallNotice): DeprecationError {
  const { message, operation, replacement, sunset } = notice
  return new DeprecationError({
    message,
    fix: `${replacement === undefined ? 'Stop calling it' : `Call ${replacement}`}, or ${allow}. Nothing was sent.`,
    operation,
    replacement,
    sunset,
    sent: false,
  })
}

/**
 * The error of a call whose response revealed that its operation is deprecated. The operation was performed, so the error
 * has the data of the response, or the reason why it cannot be decoded. Cancels a stream.
 */
export async function sentDeprecation(
  notice: CallNotice,
  replay: InternalCall['replay'],
  result: CallResult,
  decode: () => unknown,
): Promise<DeprecationError> {
  const { message, operation, replacement, sunset } = notice
  const isRead = replay === 'safe'
  const next = replacement === undefined ? 'Stop calling it' : `Call ${replacement} from now on`
  return new DeprecationError({
    message: isRead ? message : `${message} PostHog has performed the operation.`,
    fix: `${isRead ? '' : 'Do not repeat the call. '}\`data\` has the response. ${next}, or ${allow}.`,
    operation,
    replacement,
    sunset,
    sent: true,
    attempts: result.attempts,
    ...(await readData(result, decode)),
  })
}

async function readData(
  { bytes, value, response }: CallResult,
  decode: () => unknown,
): Promise<{ readonly data?: unknown; readonly cause?: unknown }> {
  if (bytes === undefined && value === undefined) {
    await response.body?.cancel()
    return {}
  }
  try {
    return { data: decode() }
  } catch (cause) {
    return { cause }
  }
}
