import type { Resource } from '../verbs.ts'
import type { Queries } from './query.ts'
import { queryLog } from './query-log.ts'
import { runQuery } from './run-query.ts'
import type { AnyQuery } from './send.ts'

/** Binds `query` to a client. */
export const resource: Resource<Queries> = (api) => ({
  // `kind` picks question and answer from the same union.
  run: async (query, options = {}) => (await runQuery(api, query as AnyQuery, options)) as never,
  log: (id, options) => queryLog(api, id, options),
})
