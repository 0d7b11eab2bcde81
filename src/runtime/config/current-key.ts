import { ConfigurationError } from '../errors/configuration-error.ts'
import { isPostHogError } from '../errors/posthog-error.ts'
import { keepSecret } from '../observe/redact.ts'
import { keySourceOf } from './credential.ts'
import { checkKey } from './key.ts'

/**
 * The key to send now. A function is asked each time, and what it returns is checked like any key.
 *
 * @throws ConfigurationError when the function throws (its error is the `cause`) or returns something unusable
 */
export async function currentKey(
  config: object,
  call: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const source = keySourceOf(config)
  // What a client was made with was checked then.
  if (typeof source === 'string') return source
  let key: unknown
  try {
    key = await (typeof source === 'function' ? source() : source?.token(call.signal))
  } catch (cause) {
    // The provider's own errors say what to do, and the caller's abort reason is passed on as it is.
    if (isPostHogError(cause) || call.signal?.aborted) throw cause
    throw new ConfigurationError({ message: 'The `apiKey` function failed.', fix: 'See `cause`.', cause })
  }
  keepSecret(config, key)
  return checkKey(key, 'What the `apiKey` function returned')
}

/** Tells the source that PostHog did not know a key. False when there is no other key to be had. */
export function refuseKey(config: object, key: string): boolean {
  const source = keySourceOf(config)
  if (typeof source === 'object') source.refused(key)
  return typeof source !== 'string'
}
