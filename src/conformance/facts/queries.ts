import { randomUUID } from 'node:crypto'
import { type Assertion, area } from '../assertion.ts'
import { at, NotTried, type Verdict } from '../outcome.ts'
import type { Probe } from '../probe.ts'
import { both, equals, hasFields, hasShape, hasStatus, isError, matches } from '../verdicts.ts'

const { read } = area('queries', { source: 'PostHog/posthog posthog/api/query.py', date: '2026-11-20' })
const engine = { source: 'PostHog/posthog posthog/hogql/query.py' }
const constants = { source: 'PostHog/posthog posthog/hogql/constants.py' }
const readActions = {
  source: 'PostHog/posthog posthog/api/query.py (scope_object_read_actions)',
  date: '2026-11-28',
}
const renderer = { source: 'PostHog/posthog posthog/renderers.py' }

/** The first cell of a query that must succeed. */
async function cell(probe: Probe, expression: string, more: object = {}): Promise<unknown> {
  const reply = await probe.hogql(`select ${expression} as value`, more)
  if (reply.status !== 200) throw new NotTried(`The query was refused with ${reply.status}.`)
  return at(reply.body, 'results', 0, 0)
}

async function rowCount(probe: Probe, query: string, expected: number): Promise<Verdict> {
  const reply = await probe.hogql(query)
  if (reply.status !== 200) throw new NotTried(`The query was refused with ${reply.status}.`)
  return equals(Object(at(reply.body, 'results')).length, expected)
}

/** HogQL queries: bodies, limits, cells and background queries. */
export const queryFacts: readonly Assertion[] = [
  read(
    'rows',
    'Rows are arrays, and columns are their names.',
    async (probe) => {
      const { body } = await probe.hogql('select 1 as one, 2 as two')
      return both(
        hasShape(at(body, 'results', 0), 'an array of a number'),
        equals(at(body, 'columns', 1), 'two'),
      )
    },
    engine,
  ),
  read(
    'types',
    'types is an array of pairs of a column and its ClickHouse type.',
    async (probe) => {
      const { body } = await probe.hogql('select 1 as one')
      return both(
        hasShape(at(body, 'types', 0), 'an array of a string'),
        equals(at(body, 'types', 0, 0), 'one'),
      )
    },
    engine,
  ),
  read(
    'response-fields',
    'A response of HogQL has results, columns, types, hasMore, limit, offset, hogql and clickhouse.',
    async (probe) =>
      hasFields(
        (await probe.hogql('select 1 as one')).body,
        'results',
        'columns',
        'types',
        'hasMore',
        'limit',
        'offset',
        'hogql',
        'clickhouse',
      ),
  ),
  read(
    'cache-fields',
    'A response has is_cached, cache_key, last_refresh and timezone.',
    async (probe) =>
      hasFields(
        (await probe.hogql('select 1 as one')).body,
        'is_cached',
        'cache_key',
        'last_refresh',
        'timezone',
      ),
    { source: 'PostHog/posthog posthog/hogql_queries/query_runner.py' },
  ),
  read(
    'default-limit',
    'A query without LIMIT returns 100 rows.',
    (probe) => rowCount(probe, 'select arrayJoin(range(150)) as n', 100),
    constants,
  ),
  read(
    'default-limit-told',
    'The response to a query without LIMIT says limit 100 and hasMore.',
    async (probe) => {
      const { body } = await probe.hogql('select arrayJoin(range(150)) as n')
      return both(equals(at(body, 'limit'), 100), equals(at(body, 'hasMore'), true))
    },
    constants,
  ),
  read(
    'own-limit',
    'A query with a LIMIT of its own returns more than 100 rows.',
    (probe) => rowCount(probe, 'select arrayJoin(range(150)) as n limit 120', 120),
    constants,
  ),
  read(
    'max-limit',
    'A LIMIT over 50,000 is lowered to 50,000.',
    (probe) => rowCount(probe, 'select arrayJoin(range(50010)) as n limit 60000', 50_000),
    constants,
  ),
  read(
    'offset',
    'OFFSET is 400 with a personal API key.',
    async (probe) => hasStatus(await probe.hogql('select arrayJoin(range(3)) as n limit 1 offset 1'), 400),
    { source: 'PostHog/posthog posthog/hogql/query.py, check for OFFSET' },
  ),
  read(
    'unknown-field',
    'An unknown field of the body is 400 parse_error.',
    async (probe) => {
      const query = { kind: 'HogQLQuery', query: 'select 1' }
      return isError(
        await probe.call('POST', 'query/', { body: { query, typehog_conformance: 1 } }),
        400,
        'parse_error',
      )
    },
    { source: 'PostHog/posthog posthog/api/mixins.py' },
  ),
  read(
    'parse-error-detail',
    'The detail of an invalid body begins with "JSON parse error".',
    async (probe) => {
      const { body } = await probe.call('POST', 'query/', {
        body: { query: { kind: 'HogQLQuery', query: 'select 1' }, typehog_conformance: 1 },
      })
      return matches(at(body, 'detail'), /^JSON parse error - /)
    },
    { source: 'PostHog/posthog posthog/api/mixins.py' },
  ),
  read(
    'no-query',
    'A body without a query is 400.',
    async (probe) =>
      hasStatus(await probe.call('POST', 'query/', { body: { name: 'typehog conformance' } }), 400),
    { source: 'PostHog/posthog posthog/api/mixins.py' },
  ),
  read('syntax', 'A syntax error is 400 of the type validation_error.', async (probe) => {
    const reply = await probe.hogql('select from where')
    return both(hasStatus(reply, 400), equals(at(reply.body, 'type'), 'validation_error'))
  }),
  read('unknown-table', 'An unknown table is 400.', async (probe) =>
    hasStatus(await probe.hogql('select 1 from typehog_conformance'), 400),
  ),
  read('unknown-function', 'An unknown function is 400.', async (probe) =>
    hasStatus(await probe.hogql('select typehogConformance(1)'), 400),
  ),
  read('values', 'A placeholder is replaced by a bound value, also by one with quotes.', async (probe) => {
    const text = `it's "quoted" {b}`
    return equals(await cell(probe, '{a}', { values: { a: text } }), text)
  }),
  read('missing-value', 'A placeholder without a value is 400.', async (probe) =>
    hasStatus(await probe.hogql('select {a} as value'), 400),
  ),
  read(
    'wide-integers',
    'An integer of 64 bits is a JSON number with all digits.',
    async (probe) => {
      const { text } = await probe.hogql("select toInt('9007199254740993') as value")
      const found = text.includes('[9007199254740993]')
      return { held: found, seen: found ? 'all digits' : 'another text' }
    },
    renderer,
  ),
  read(
    'not-a-number',
    'NaN is null.',
    async (probe) => equals(await cell(probe, "toFloat('nan')"), null),
    renderer,
  ),
  read(
    'date',
    'A Date is YYYY-MM-DD.',
    async (probe) => equals(await cell(probe, "toDate('2026-01-02')"), '2026-01-02'),
    renderer,
  ),
  read(
    'date-time',
    'A DateTime is ISO 8601 with Z or an offset.',
    async (probe) => {
      const value = await cell(probe, "toDateTime('2026-01-02 03:04:05')")
      return matches(value, /^2026-01-0[123]T\d\d:04:05(?:\.0+)?(?:Z|[+-]\d\d:\d\d)$/)
    },
    renderer,
  ),
  read(
    'arrays',
    'Arrays and tuples are arrays.',
    async (probe) =>
      both(
        hasShape(await cell(probe, '[1, 2]'), 'an array of a number'),
        hasShape(await cell(probe, "(1, 'a')"), 'an array of a number'),
      ),
    renderer,
  ),
  read('null', 'NULL is null.', async (probe) => equals(await cell(probe, 'null'), null), renderer),
  read(
    'json-properties',
    'The column properties is a string of JSON.',
    async (probe) => {
      const value = at(
        (await probe.hogql('select properties from events where timestamp > now() - interval 30 day limit 1'))
          .body,
        'results',
        0,
        0,
      )
      if (value === undefined) throw new NotTried('The project has no events of the last 30 days.')
      return hasShape(value, 'a string')
    },
    renderer,
  ),
  read('unknown-refresh', 'An unknown value of refresh is 400.', async (probe) => {
    const query = { kind: 'HogQLQuery', query: 'select 1' }
    return hasStatus(await probe.call('POST', 'query/', { body: { query, refresh: 'typehog' } }), 400)
  }),
  read(
    'check-auth',
    'check_auth_for_async is refused to personal API keys with 403.',
    async (probe) => hasStatus(await probe.call('POST', 'query/check_auth_for_async/'), 403),
    readActions,
  ),
  read(
    'query-log',
    'The log of a query is refused to personal API keys with 403.',
    async (probe) => hasStatus(await probe.call('GET', `query/${randomUUID()}/log/`), 403),
    readActions,
  ),
]
