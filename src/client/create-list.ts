import type { InternalOptions } from '../resources/requester.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { redactorOf } from '../runtime/observe/redact.ts'
import { List } from '../runtime/paging/list.ts'
import { validateItems } from '../runtime/transport/validate.ts'
import { queryString, type RawInput } from './build-request.ts'
import { operationOf, pagingOf } from './operation.ts'
import { checkInput, checkListOptions, type ListCallOptions, type Send } from './send.ts'

/** Creates the list of an operation. Invalid arguments reject on the first read. */
export type Lister = (
  route: string,
  input?: RawInput,
  options?: ListCallOptions,
  internal?: InternalOptions,
) => List<unknown>

/** Creates a lister that requests each page through `send`. */
export function createLister(send: Send, config: Config): Lister {
  return (route, input = {}, options = {}, internal = {}) => {
    const { search, error } = checkArguments(route, input, options)
    const { cursor, prefetch, concurrency, signal, schema, ...call } = error === undefined ? options : {}
    const mode = call.validate ?? 'throw'
    return new List({
      operation: route,
      paging: pagingOf(route),
      trace: new Error(),
      redactText: (text) =>
        redactorOf([config], Object(input).headers, Object(options).headers, Object(input).query)(text),
      search,
      cursor,
      prefetch,
      concurrency,
      signal,
      shape:
        schema === undefined || mode === 'off'
          ? undefined
          : (items) => validateItems(items, schema, mode, route, config.log),
      async send(query, abort) {
        if (error !== undefined) throw error
        const page = send(
          route,
          { ...input, query },
          abort === undefined ? call : { ...call, signal: abort },
          internal,
        )
        const { data, requestId } = await page.withResponse()
        return { body: data, requestId }
      },
    })
  }
}

/** Returns the query string of the first page, or the error about an invalid argument. */
function checkArguments(
  route: string,
  input: RawInput,
  options: ListCallOptions,
): { readonly search: string; readonly error?: unknown } {
  try {
    operationOf(route)
    checkInput(input)
    checkListOptions(options)
    return { search: queryString(input.query) }
  } catch (error) {
    return { search: '', error }
  }
}
