import { ConfigurationError } from '../errors/configuration-error.ts'
import { checkKey } from './key.ts'

/** A key, or how to get one. */
export type KeySource = string | (() => string | Promise<string>)

/** Keys stand apart from the configuration, so that printing the configuration cannot show them. */
const sources = new WeakMap<object, KeySource>()

/** Remembers the key of a configuration. */
export function keepKey(config: object, source: KeySource): void {
  sources.set(config, source)
}

/**
 * The key to send now. A function is asked each time, and what it returns is checked like any key.
 *
 * @throws ConfigurationError when the function throws (its error is the `cause`) or returns something unusable
 */
export async function currentKey(config: object): Promise<string> {
  const source = sources.get(config)
  if (typeof source !== 'function') return checkKey(source)
  let key: unknown
  try {
    key = await source()
  } catch (cause) {
    throw new ConfigurationError({ message: 'The `apiKey` function failed.', fix: 'See `cause`.', cause })
  }
  return checkKey(key, 'What the `apiKey` function returned')
}
