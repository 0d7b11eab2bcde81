import { unexpected } from '../runtime/config/check-options.ts'
import { ConfigurationError, isPostHogError } from '../runtime/errors/posthog-error.ts'

/** What `JSON.stringify` writes as it is. It loses others in silence, such as the entries of a `Map`. */
const lossless = new Set(['[object Object]', '[object Array]', '[object Module]'])

/**
 * A value as JSON, which loses nothing. Integers beyond what a number holds become texts, and fields that are undefined
 * are left out.
 *
 * @param subject what the value is called in errors
 * @param bigints `refused` where PostHog compares them with numbers, and a text would match nothing
 * @throws ConfigurationError for what JSON cannot hold: functions, NaN, invalid dates, bytes, circular references
 */
export function jsonText(value: unknown, subject: string, bigints: 'text' | 'refused' = 'text'): string {
  try {
    return JSON.stringify(value, function (this: unknown, name: string, item: unknown): unknown {
      if (typeof item === 'bigint' && bigints === 'text') return String(item)
      return writable(item, this, name, subject)
    })
  } catch (cause) {
    if (isPostHogError(cause)) throw cause
    throw new ConfigurationError({
      message: `${subject} cannot be written as JSON: ${String(cause).split('\n')[0]}`,
      fix: 'Remove circular references, very deep nesting, and any `toJSON` that throws. Nothing was sent.',
      cause,
    })
  }
}

/** One value on its way into JSON: `item` is what its `toJSON` made of it, and the holder has the value itself. */
function writable(item: unknown, holder: unknown, name: string, subject: string): unknown {
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
      // An invalid date and others like it write themselves as null.
      if (item === null && source !== null) break
      if (item === null || (lossless.has(Object.prototype.toString.call(item)) && !isBytes(source)))
        return item
    }
  }
  const source = fieldOf(holder, name)
  const field = name === '' ? subject : `${subject}, at \`${name}\`,`
  throw unexpected(field, source ?? item, 'a value that JSON can hold')
}

function fieldOf(holder: unknown, name: string): unknown {
  return Object(holder)[name]
}

function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value)
}
