import type { Config } from '../runtime/config/resolve.ts'
import { redactorOf } from '../runtime/observe/redact.ts'
import { List } from '../runtime/paging/list.ts'
import { validateItems } from '../runtime/transport/validate.ts'
import { queryString, type RawInput } from './build-request.ts'
import { operationOf, pagingOf } from './operation.ts'
import { checkInput, checkListOptions, type ListCallOptions, type Send } from './send.ts'

/** The list that an operation answers page by page. Wrong arguments reject when it is read. */
export function createList(
  send: Send,
  config: Config,
  route: string,
  input: RawInput = {},
  options: ListCallOptions = {},
): List<unknown> {
  const { search, refusal } = checkList(route, input, options)
  const { cursor, prefetch, signal, schema, ...call } = refusal === undefined ? options : {}
  const mode = call.validate ?? 'throw'
  return new List({
    operation: route,
    paging: pagingOf(route),
    trace: new Error(),
    redactText: redactorOf([config], Object(input).headers, Object(options).headers, Object(input).query),
    search,
    cursor,
    prefetch,
    signal,
    shape:
      schema === undefined || mode === 'off'
        ? undefined
        : (items) => validateItems(items, schema, mode, route, config.log),
    async send(at, stop) {
      if (refusal !== undefined) throw refusal
      const page = send(route, { ...input, query: at }, stop === undefined ? call : { ...call, signal: stop })
      const { data, requestId } = await page.withResponse()
      return { body: data, requestId }
    },
  })
}

/** The query string of the first page, or what is wrong with the arguments. */
function checkList(
  route: string,
  input: RawInput,
  options: ListCallOptions,
): { readonly search: string; readonly refusal?: unknown } {
  try {
    operationOf(route)
    checkInput(input)
    checkListOptions(options)
    return { search: queryString(input.query) }
  } catch (refusal) {
    return { search: '', refusal }
  }
}
