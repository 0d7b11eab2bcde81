import type { ListOptions } from '../resources/requester.ts'
import type { Config } from '../runtime/config/resolve.ts'
import { redactorOf } from '../runtime/observe/redact.ts'
import { List } from '../runtime/paging/list.ts'
import type { RawInput } from './build-request.ts'
import { queryString } from './query-string.ts'
import { pagingOf } from './rules/paging-of.ts'
import type { Send } from './sender.ts'

/** The list that an operation answers page by page. */
export function createList(
  send: Send,
  config: Config,
  method: string,
  template: string,
  input: RawInput = {},
  { cursor, prefetch, signal, ...options }: ListOptions = {},
): List<unknown> {
  const search = queryString(Object(input.query ?? {}))
  return new List({
    operation: `${method} ${template}`,
    paging: pagingOf(template),
    trace: new Error(),
    redactText: redactorOf([config], input.headers, options.headers, input.query),
    search,
    cursor,
    prefetch,
    signal,
    async send(at, stop) {
      const call = stop === undefined ? options : { ...options, signal: stop }
      const page = send(method, template, { ...input, query: at }, call)
      const { data, requestId } = await page.withResponse()
      return { body: data, requestId }
    },
  })
}
