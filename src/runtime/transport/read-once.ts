import { ConfigurationError } from '../errors/posthog-error.ts'

/** The error for a second loop over a stream. */
export function alreadyReadError(what: string): ConfigurationError {
  return new ConfigurationError({
    message: `${what} can be read only once, and was already read.`,
    fix: 'Call the method again for a new stream, or collect the items in the first loop.',
  })
}

/**
 * Makes a second loop over a stream throw an error, since it would be empty.
 *
 * @param what name of the stream in the error, such as "The stream of tiles"
 */
export function readOnce<Item>(
  source: AsyncGenerator<Item, undefined>,
  what: string,
): AsyncGenerator<Item, undefined> {
  const next = source.next.bind(source)
  const end = source.return.bind(source)
  let read = false
  return Object.assign(Object.create(source) as AsyncGenerator<Item, undefined>, {
    next,
    return: end,
    throw: source.throw.bind(source),
    [Symbol.asyncIterator]: () => {
      if (read) throw alreadyReadError(what)
      read = true
      return source
    },
  })
}
