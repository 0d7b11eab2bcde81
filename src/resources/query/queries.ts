import { isPlainObject, unexpected } from '../../runtime/config/check-options.ts'
import { refuseReportedError } from '../../runtime/rows/incomplete.ts'
import type { Resource } from '../verbs.ts'
import { checkQueryOptions } from './check-query.ts'
import type { Queries } from './query.ts'
import { queryLog } from './query-log.ts'
import { runQuery } from './run-query.ts'
import { type AnyQuery, queryRoute } from './send.ts'

/** Binds `query` to a client. */
export const createQueries: Resource<Queries> = (api) => ({
  run: async (query, options = {}) => {
    checkQueryOptions(options)
    if (!isPlainObject(query) || typeof query['kind'] !== 'string') {
      throw unexpected('The argument of `query.run`', query, 'a query with its `kind`')
    }
    const answer = await runQuery(api, query as AnyQuery, options)
    refuseReportedError(answer, queryRoute)
    // `kind` picks question and answer from the same union.
    return answer as never
  },
  log: async (id, options) => queryLog(api, id, options),
})
