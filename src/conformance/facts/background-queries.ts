import { randomUUID } from 'node:crypto'
import { type Assertion, area } from '../assertion.ts'
import { at } from '../outcome.ts'
import { both, equals, hasFields, hasShape, hasStatus, isError } from '../verdicts.ts'

const { read } = area('queries', {
  source: 'PostHog/posthog posthog/clickhouse/client/execute_async.py',
  date: '2026-11-20',
})

/** Queries in the background: their status, and how they are canceled. */
export const backgroundQueryFacts: readonly Assertion[] = [
  read('async', 'force_async is 202 with a query_status that is not complete.', async (probe) => {
    const query = { kind: 'HogQLQuery', query: 'select 1 as one' }
    const reply = await probe.call('POST', 'query/', { body: { query, refresh: 'force_async' } })
    return both(hasStatus(reply, 202), equals(at(reply.body, 'query_status', 'complete'), false))
  }),
  read(
    'async-status',
    'The status of a background query has id, team_id, complete, error and results.',
    async (probe) => {
      const query = { kind: 'HogQLQuery', query: 'select 1 as one' }
      const body = await probe.need('POST', 'query/', { body: { query, refresh: 'force_async' } })
      const id = String(at(body, 'query_status', 'id'))
      const status = await probe.need('GET', `query/${id}/`)
      return hasFields(
        at(status, 'query_status'),
        'id',
        'team_id',
        'complete',
        'error',
        'error_message',
        'results',
        'query_async',
      )
    },
  ),
  read('async-cancel', 'Canceling a background query is 200 with a message.', async (probe) => {
    const query = { kind: 'HogQLQuery', query: 'select 1 as one' }
    const body = await probe.need('POST', 'query/', { body: { query, refresh: 'force_async' } })
    const reply = await probe.call('DELETE', `query/${String(at(body, 'query_status', 'id'))}/`)
    return both(hasStatus(reply, 200), hasShape(at(reply.body, 'message'), 'a string'))
  }),
  read('async-unknown', 'An unknown background query is 404 not_found.', async (probe) =>
    isError(await probe.call('GET', `query/${randomUUID()}/`), 404, 'not_found'),
  ),
]
