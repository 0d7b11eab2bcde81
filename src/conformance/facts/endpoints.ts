import { type Assertion, area } from '../assertion.ts'
import { at } from '../outcome.ts'
import { both, equals, hasFields, hasStatus, isError, matches } from '../verdicts.ts'
import { endpoint, runEndpoint } from './create.ts'

const product = 'PostHog/posthog products/endpoints/backend'
const { read, write } = area('endpoints', {
  source: `${product}/presentation/views/api.py`,
  date: '2026-11-20',
})
const validation = { source: `${product}/logic/validation.py` }
const document = { source: `${product}/openapi.py` }
const logs = { source: `${product}/logs.py`, date: '2026-11-27' }

/** Endpoints: objects, versions, logs and their OpenAPI document. */
export const endpointFacts: readonly Assertion[] = [
  read('conditions', 'The conditions of materialization are two texts.', async (probe) =>
    hasFields(
      await probe.need('GET', 'endpoints/materialization_conditions/'),
      'conditions_source',
      'rewrite_contract',
    ),
  ),
  read('unknown', 'An unknown endpoint is 404 not_found.', async (probe) =>
    isError(await runEndpoint(probe, 'typehog-conformance-none'), 404, 'not_found'),
  ),
  read('last-executions', 'last_execution_times answers with a query_status.', async (probe) =>
    hasFields(
      await probe.need('POST', 'endpoints/last_execution_times/', { body: { names: [] } }),
      'query_status',
    ),
  ),
  write('create', 'An endpoint is created with 201 and version 1.', async (probe) => {
    const name = await endpoint(probe)
    return equals(at(await probe.need('GET', `endpoints/${name}/`), 'current_version'), 1)
  }),
  write('fields', 'An endpoint has the fields of the document.', async (probe) => {
    const name = await endpoint(probe)
    return hasFields(
      await probe.need('GET', `endpoints/${name}/`),
      'id',
      'name',
      'description',
      'query',
      'is_active',
      'data_freshness_seconds',
      'endpoint_path',
      'url',
      'ui_url',
      'created_at',
      'updated_at',
      'created_by',
      'is_materialized',
      'current_version',
      'current_version_id',
      'versions_count',
      'derived_from_insight',
      'last_executed_at',
      'materialization',
      'bucket_overrides',
      'columns',
      'tags',
      'optional_breakdown_properties',
    )
  }),
  write('columns', 'columns holds the names and types of the query.', async (probe) => {
    const name = await endpoint(probe)
    const columns = at(await probe.need('GET', `endpoints/${name}/`), 'columns')
    return both(equals(at(columns, 0, 'name'), 'n'), equals(at(columns, 0, 'type'), 'integer'))
  }),
  write(
    'freshness',
    'data_freshness_seconds is 86400 by default.',
    async (probe) => {
      const name = await endpoint(probe)
      return equals(at(await probe.need('GET', `endpoints/${name}/`), 'data_freshness_seconds'), 86_400)
    },
    validation,
  ),
  write(
    'name-taken',
    'A name that is taken is 400 on name.',
    async (probe) => {
      const name = await endpoint(probe)
      const body = { name, query: { kind: 'HogQLQuery', query: 'select 1 as n' } }
      return isError(await probe.call('POST', 'endpoints/', { body }), 400, null, 'name')
    },
    validation,
  ),
  write(
    'name-form',
    'A name that begins with a digit is 400 on name.',
    async (probe) => {
      const body = { name: `1-${probe.name}`, query: { kind: 'HogQLQuery', query: 'select 1 as n' } }
      return isError(await probe.call('POST', 'endpoints/', { body }), 400, null, 'name')
    },
    validation,
  ),
  write(
    'rename',
    'Another name in PATCH is accepted and changes nothing.',
    async (probe) => {
      const name = await endpoint(probe)
      const reply = await probe.call('PATCH', `endpoints/${name}/`, { body: { name: `${name}-other` } })
      return both(hasStatus(reply, 200), { ...equals(at(reply.body, 'name'), name), seen: 'the name' })
    },
    { source: `${product}/logic/crud.py` },
  ),
  write(
    'same-query',
    'The same query cuts no version, another query cuts one.',
    async (probe) => {
      const name = await endpoint(probe, 'select 1 as n')
      const patch = async (query: string): Promise<unknown> =>
        at(
          await probe.need('PATCH', `endpoints/${name}/`, { body: { query: { kind: 'HogQLQuery', query } } }),
          'current_version',
        )
      return both(equals(await patch('select 1 as n'), 1), equals(await patch('select 2 as n'), 2))
    },
    { source: `${product}/logic/crud.py` },
  ),
  write('versions', 'Versions are a page, newest first.', async (probe) => {
    const name = await endpoint(probe, 'select 1 as n')
    await probe.need('PATCH', `endpoints/${name}/`, {
      body: { query: { kind: 'HogQLQuery', query: 'select 2 as n' } },
    })
    const body = await probe.need('GET', `endpoints/${name}/versions/`)
    return both(
      hasFields(body, 'count', 'next', 'previous', 'results'),
      equals(at(body, 'results', 0, 'version'), 2),
    )
  }),
  write('inactive', 'A run of an inactive endpoint is 404.', async (probe) => {
    const name = await endpoint(probe)
    await probe.need('PATCH', `endpoints/${name}/`, { body: { is_active: false } })
    return hasStatus(await runEndpoint(probe, name), 404)
  }),
  write(
    'status',
    'materialization_status has can_materialize, enabled and ready.',
    async (probe) =>
      hasFields(
        await probe.need('GET', `endpoints/${await endpoint(probe)}/materialization_status/`),
        'can_materialize',
        'enabled',
        'ready',
      ),
    { source: `${product}/presentation/serializers.py`, date: '2026-11-27' },
  ),
  write(
    'document',
    'The document of an endpoint is OpenAPI 3.0.3.',
    async (probe) =>
      equals(
        at(await probe.need('GET', `endpoints/${await endpoint(probe)}/openapi.json/`), 'openapi'),
        '3.0.3',
      ),
    document,
  ),
  write(
    'document-path',
    'The path of the document is under projects, without a final slash.',
    async (probe) => {
      const name = await endpoint(probe)
      const paths = Object.keys(
        Object(at(await probe.need('GET', `endpoints/${name}/openapi.json/`), 'paths')),
      )
      const found =
        paths.length === 1 && new RegExp(`^/api/projects/\\d+/endpoints/${name}/run$`).test(paths[0] ?? '')
      return { held: found, seen: found ? 'such a path' : `${paths.length} paths of another form` }
    },
    document,
  ),
  write(
    'document-errors',
    'The document lists 503 and the schema Error.',
    async (probe) => {
      const body = await probe.need('GET', `endpoints/${await endpoint(probe)}/openapi.json/`)
      const [path] = Object.values(Object(at(body, 'paths')))
      return both(
        hasFields(at(path, 'post', 'responses'), '200', '400', '401', '404', '503'),
        hasFields(at(body, 'components', 'schemas'), 'Error'),
      )
    },
    document,
  ),
  write(
    'logs',
    'A run logs "Endpoint executed · path=inline", and its instance_id is the execution_id.',
    async (probe) => {
      const name = await endpoint(probe)
      const { body } = await runEndpoint(probe, name)
      const line = at(await probe.need('GET', `endpoints/${name}/logs/`), 'results', 0)
      const same = at(line, 'instance_id') === at(body, 'execution_id')
      return both(matches(at(line, 'message'), /^Endpoint executed · path=inline/), {
        held: same,
        seen: same ? 'the execution_id' : 'another instance_id',
      })
    },
    logs,
  ),
  write('tags', 'bulk_update_tags is switched off: 405 with a detail.', async (probe) => {
    const reply = await probe.call('POST', 'endpoints/bulk_update_tags/', {
      body: { ids: [], action: 'add', tags: ['a'] },
    })
    return both(hasStatus(reply, 405), hasFields(reply.body, 'detail'))
  }),
  write('delete', 'DELETE is 204, and the endpoint is 404 afterwards.', async (probe) => {
    const name = await endpoint(probe)
    const reply = await probe.call('DELETE', `endpoints/${name}/`)
    return both(hasStatus(reply, 204), hasStatus(await probe.call('GET', `endpoints/${name}/`), 404))
  }),
]
