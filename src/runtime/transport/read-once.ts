import { ConfigurationError } from '../errors/posthog-error.ts'

/** The error for a second loop over a stream that is read once. */
export function alreadyRead(what: string): ConfigurationError {
  return new ConfigurationError({
    message: `${what} is read once, and was read already.`,
    fix: 'Call the method again for a new stream, or collect the items of the first loop.',
  })
}

/**
 * An iterator that refuses a second loop, which would find nothing.
 *
 * @param what names it in the error, such as "The stream of tiles"
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
      if (read) throw alreadyRead(what)
      read = true
      return source
    },
  })
}
