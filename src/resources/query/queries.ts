import type { Resource } from '../verbs.ts'
import type { Queries } from './query.ts'
import type { AnyQuery } from './send.ts'

/** Binds `query` to a client. */
export const resource: Resource<Queries> = (api) => ({
  run: async (query, options = {}) => {
    const { runQuery } = await import('./run-query.ts')
    // `kind` picks question and answer from the same union.
    return (await runQuery(api, query as AnyQuery, options)) as never
  },
  log: async (id, options) => (await import('./query-log.ts')).queryLog(api, id, options),
})
