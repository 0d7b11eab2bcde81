import { type Assertion, area } from '../assertion.ts'
import { at, type Verdict } from '../outcome.ts'
import type { Reply } from '../probe.ts'
import { both, equals, hasFields, hasShape, hasStatus, isError, lacksFields } from '../verdicts.ts'
import { create, endpoint, runEndpoint } from './create.ts'

const product = 'PostHog/posthog products/endpoints/backend'
const { write } = area('endpoints', { source: `${product}/presentation/views/api.py`, date: '2026-11-20' })
const execution = { source: `${product}/logic/execution.py` }
const pagination = { source: `${product}/logic/pagination.py` }

/** Holds for 400 in the short form `{"error": …}`. */
const shortError = ({ status, body }: Reply, expected: number): Verdict =>
  both(equals(status, expected), hasFields(body, 'error'))

/** Runs of endpoints: responses, limits and refusals. */
export const endpointRunFacts: readonly Assertion[] = [
  write(
    'run',
    'A run has results, columns, types, name, execution_id and the version.',
    async (probe) =>
      hasFields(
        (await runEndpoint(probe, await endpoint(probe))).body,
        'results',
        'columns',
        'types',
        'hasMore',
        'name',
        'execution_id',
        'endpoint_version',
        'endpoint_version_created_at',
      ),
    execution,
  ),
  write(
    'run-types',
    'types of a run are pairs of a column and its type.',
    async (probe) =>
      hasShape(
        at((await runEndpoint(probe, await endpoint(probe))).body, 'types', 0),
        'an array of a string',
      ),
    { ...execution, date: '2026-11-27' },
  ),
  write(
    'run-cache-fields',
    'A run has is_cached and last_refresh.',
    async (probe) =>
      hasFields((await runEndpoint(probe, await endpoint(probe))).body, 'is_cached', 'last_refresh'),
    { ...execution, date: '2026-11-27' },
  ),
  write(
    'run-debug',
    'hogql, timings and modifiers come with debug only.',
    async (probe) => {
      const name = await endpoint(probe)
      const plain = await runEndpoint(probe, name)
      const debug = await runEndpoint(probe, name, { debug: true })
      return both(lacksFields(plain.body, 'hogql', 'timings', 'modifiers'), hasFields(debug.body, 'hogql'))
    },
    execution,
  ),
  write(
    'run-not-materialized',
    'endpoint_materialized is absent when the query ran inline.',
    async (probe) =>
      lacksFields((await runEndpoint(probe, await endpoint(probe))).body, 'endpoint_materialized'),
    execution,
  ),
  write(
    'run-default-limit',
    'A run without limit of SQL without LIMIT is cut at 100 rows, with hasMore false.',
    async (probe) => {
      const { body } = await runEndpoint(probe, await endpoint(probe, 'select arrayJoin(range(150)) as n'))
      return both(
        equals(Object(at(body, 'results')).length, 100),
        equals(at(body, 'hasMore'), false),
        equals(at(body, 'limit'), 100),
      )
    },
    { ...execution, date: '2026-11-27' },
  ),
  write(
    'run-limit',
    'limit 2 of three rows returns two rows and hasMore.',
    async (probe) => {
      const { body } = await runEndpoint(probe, await endpoint(probe), { limit: 2 })
      return both(equals(Object(at(body, 'results')).length, 2), equals(at(body, 'hasMore'), true))
    },
    pagination,
  ),
  write(
    'run-offset',
    'offset 2 with limit 2 of three rows returns one row and no more.',
    async (probe) => {
      const { body } = await runEndpoint(probe, await endpoint(probe), { limit: 2, offset: 2 })
      return both(equals(Object(at(body, 'results')).length, 1), equals(at(body, 'hasMore'), false))
    },
    pagination,
  ),
  write(
    'run-limit-text',
    'A whole number in text is accepted as limit.',
    async (probe) => hasStatus(await runEndpoint(probe, await endpoint(probe), { limit: '2' }), 200),
    { ...execution, date: '2026-11-27' },
  ),
  write(
    'run-unknown-field',
    'An unknown field of the body of a run is 400.',
    async (probe) =>
      hasStatus(await runEndpoint(probe, await endpoint(probe), { typehog_conformance: 1 }), 400),
    execution,
  ),
  write('run-limit-zero', 'limit=0 in the query string is 400 with {"error"}.', async (probe) =>
    shortError(await runEndpoint(probe, await endpoint(probe), {}, { limit: 0 }), 400),
  ),
  write('run-offset-alone', 'offset without limit is 400 with {"error"}.', async (probe) =>
    shortError(await runEndpoint(probe, await endpoint(probe), { offset: 1 }), 400),
  ),
  write(
    'run-direct',
    'refresh direct without materialization is 400 on refresh.',
    async (probe) =>
      isError(await runEndpoint(probe, await endpoint(probe), { refresh: 'direct' }), 400, null, 'refresh'),
    execution,
  ),
  write(
    'run-filters',
    'filters_override on HogQL is 400 on filters_override.',
    async (probe) =>
      isError(
        await runEndpoint(probe, await endpoint(probe), { filters_override: { date_from: '-7d' } }),
        400,
        null,
        'filters_override',
      ),
    execution,
  ),
  write(
    'run-unknown-variable',
    'An unknown variable is 400.',
    async (probe) =>
      hasStatus(await runEndpoint(probe, await endpoint(probe), { variables: { typehog: 1 } }), 400),
    execution,
  ),
  write(
    'run-unknown-version',
    'An unknown version is 404 with {"error"}.',
    async (probe) => shortError(await runEndpoint(probe, await endpoint(probe), { version: 99 }), 404),
    execution,
  ),
  write('run-get', 'GET runs an endpoint too.', async (probe) =>
    hasStatus(
      await probe.call('GET', 'endpoints/{name}/run/', { path: { name: await endpoint(probe) } }),
      200,
    ),
  ),
  write(
    'run-breakdown',
    'A Trends endpoint with a breakdown that is not materialized runs without variables.',
    async (probe) => {
      const query = {
        kind: 'TrendsQuery',
        series: [{ kind: 'EventsNode', event: '$pageview' }],
        breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' },
      }
      await create(probe, 'endpoints/', { name: probe.name, query }, 'DELETE', 'name')
      return hasStatus(await runEndpoint(probe, probe.name), 200)
    },
    { source: `${product}/logic/strategies.py`, date: '2026-11-27' },
  ),
]
