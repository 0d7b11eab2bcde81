import { unexpected } from '../runtime/config/check-options.ts'
import { ConfigurationError, isPostHogError } from '../runtime/errors/posthog-error.ts'

/** Types that `JSON.stringify` writes completely. It silently drops others, such as the entries of a `Map`. */
const lossless = new Set(['[object Object]', '[object Array]', '[object Module]'])

/**
 * Serializes a value to lossless JSON. Bigints become strings, and undefined fields are omitted.
 *
 * @param subject name of the value in errors
 * @param bigints `reject` where PostHog compares with numbers, and a string would match nothing
 * @throws ConfigurationError for values that JSON cannot represent: functions, NaN, invalid dates, bytes, circular
 * references
 */
export function stringifyLossless(
  value: unknown,
  subject: string,
  bigints: 'string' | 'reject' = 'string',
): string {
  try {
    return JSON.stringify(value, function (this: unknown, name: string, item: unknown): unknown {
      if (typeof item === 'bigint' && bigints === 'string') return String(item)
      return checkItem(item, this, name, subject)
    })
  } catch (cause) {
    if (isPostHogError(cause)) throw cause
    throw new ConfigurationError({
      message: `${subject} cannot be serialized as JSON: ${String(cause).split('\n')[0]}`,
      fix: 'Remove circular references, very deep nesting and any `toJSON` that throws. Nothing was sent.',
      cause,
    })
  }
}

/** Checks one value of a replacer call. `item` is the result of `toJSON`; the holder has the original value. */
function checkItem(item: unknown, holder: unknown, name: string, subject: string): unknown {
  switch (typeof item) {
    case 'string':
    case 'boolean':
      return item
    case 'undefined':
      if (Array.isArray(holder)) break
      return item
    case 'number':
      if (!Number.isFinite(item)) break
      return item
    case 'object': {
      const source = fieldOf(holder, name)
      // An invalid date has a `toJSON` that returns null.
      if (item === null && source !== null) break
      if (item === null || (lossless.has(Object.prototype.toString.call(item)) && !isBytes(source)))
        return item
    }
  }
  const source = fieldOf(holder, name)
  const field = name === '' ? subject : `${subject}, at \`${name}\`,`
  throw unexpected(field, source ?? item, 'a value that JSON can represent')
}

function fieldOf(holder: unknown, name: string): unknown {
  return Object(holder)[name]
}

function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value)
}
