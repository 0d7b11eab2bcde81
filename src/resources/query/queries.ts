import type { Resource } from '../verbs.ts'
import type { Queries } from './query.ts'
import { queryLog } from './query-log.ts'
import { runQuery } from './run-query.ts'
import type { AnyQuery } from './send.ts'

/** Binds `query` to a client. */
export const createQueries: Resource<Queries> = (api) => ({
  run: async (query, options = {}) => {
    // `kind` picks question and answer from the same union.
    return (await runQuery(api, query as AnyQuery, options)) as never
  },
  log: async (id, options) => queryLog(api, id, options),
})
