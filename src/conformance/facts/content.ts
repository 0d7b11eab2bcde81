import { type Assertion, area } from '../assertion.ts'
import { at, NotTried } from '../outcome.ts'
import type { Probe } from '../probe.ts'
import { both, equals, hasFields, hasShape, hasStatus, lacksFields } from '../verdicts.ts'
import { create, remove, trends } from './create.ts'

const { read, write } = area('content', {
  source: 'PostHog/posthog OpenAPI document of 2026-09-16',
  date: '2026-11-27',
})
const noSecurity = { source: 'PostHog/posthog OpenAPI document of 2026-09-16: no security' }
const dashboards = { source: 'PostHog/posthog posthog/api/dashboards/dashboard.py', date: '2026-11-20' }
const optIn = {
  source: 'PostHog/posthog products/product_analytics/backend/api/test/test_deprecated_dashboards_field.py',
}
const provider = { source: 'PostHog/terraform-provider-posthog' }

const insight = (probe: Probe, more: object = {}): Promise<unknown> =>
  create(probe, 'insights/', { name: probe.name, query: trends, ...more }, 'PATCH')
const dashboard = (probe: Probe, more: object = {}): Promise<unknown> =>
  create(probe, 'dashboards/', { name: probe.name, ...more }, 'PATCH')
const idOf = (body: unknown): string => String(at(body, 'id'))

/** Resources whose tags PostHog does not open to personal keys. */
const tagged = ['dashboards', 'insights', 'actions', 'event_definitions', 'property_definitions']

/** Dashboards, insights, actions and annotations. */
export const contentFacts: readonly Assertion[] = [
  ...tagged.map((name) =>
    write(
      `${name}-tags`,
      `bulk_update_tags of ${name} is refused to personal API keys with 403.`,
      async (probe) =>
        hasStatus(
          await probe.call('POST', `${name}/bulk_update_tags/`, {
            body: { ids: [], action: 'add', tags: ['a'] },
          }),
          403,
        ),
      noSecurity,
    ),
  ),
  write(
    'template-dashboard',
    'create_from_template_json is refused to personal API keys with 403.',
    async (probe) => {
      const reply = await probe.call('POST', 'dashboards/create_from_template_json/', {
        body: { template: {} },
      })
      remove(probe, 'dashboards/', reply.body, 'PATCH')
      return hasStatus(reply, 403)
    },
    noSecurity,
  ),
  read(
    'insight-query',
    'An insight has id, short_id, name, query, result and last_refresh.',
    async (probe) => {
      const list = await probe.need('GET', 'insights/', { query: { limit: 1 } })
      const [first] = Object(at(list, 'results'))
      if (first === undefined) throw new NotTried('The project has no insights.')
      return hasFields(first, 'id', 'short_id', 'name', 'query', 'result', 'last_refresh')
    },
  ),
  write('insight-create', 'An insight is created with 201 and a short_id.', async (probe) => {
    const reply = await probe.call('POST', 'insights/', { body: { name: probe.name, query: trends } })
    remove(probe, 'insights/', reply.body, 'PATCH')
    return both(hasStatus(reply, 201), hasShape(at(reply.body, 'short_id'), 'a string'))
  }),
  write('insight-dashboards', 'An insight has dashboards with include_dashboards=true.', async (probe) =>
    hasFields(
      await probe.need('GET', `insights/${idOf(await insight(probe))}/`, {
        query: { include_dashboards: true },
      }),
      'dashboards',
    ),
  ),
  write(
    'insight-no-dashboards',
    'An insight has no dashboards without include_dashboards.',
    async (probe) =>
      lacksFields(await probe.need('GET', `insights/${idOf(await insight(probe))}/`), 'dashboards'),
    optIn,
  ),
  write(
    'insight-deleted',
    'A deleted insight is 404.',
    async (probe) => {
      const id = idOf(await insight(probe))
      await probe.need('PATCH', `insights/${id}/`, { body: { deleted: true } })
      return hasStatus(await probe.call('GET', `insights/${id}/`), 404)
    },
    provider,
  ),
  write('dashboard-create', 'A dashboard is created with 201 and an array of tiles.', async (probe) => {
    const reply = await probe.call('POST', 'dashboards/', { body: { name: probe.name } })
    remove(probe, 'dashboards/', reply.body, 'PATCH')
    return both(hasStatus(reply, 201), hasShape(at(reply.body, 'tiles'), 'an array'))
  }),
  write(
    'dashboard-deleted',
    'A deleted dashboard is 404.',
    async (probe) => {
      const id = idOf(await dashboard(probe))
      await probe.need('PATCH', `dashboards/${id}/`, { body: { deleted: true } })
      return hasStatus(await probe.call('GET', `dashboards/${id}/`), 404)
    },
    dashboards,
  ),
  write(
    'dashboard-restore',
    'A deleted dashboard is restored by deleted false alone, and is 404 with a second field.',
    async (probe) => {
      const path = `dashboards/${idOf(await dashboard(probe))}/`
      await probe.need('PATCH', path, { body: { deleted: true } })
      const two = await probe.call('PATCH', path, { body: { deleted: false, description: 'restored' } })
      const one = await probe.call('PATCH', path, { body: { deleted: false } })
      return both(hasStatus(two, 404), hasStatus(one, 200))
    },
    dashboards,
  ),
  write(
    'move-tile',
    'move_tile takes to_dashboard and tile.',
    async (probe) => {
      const [from, to] = [await dashboard(probe), await dashboard(probe, { name: `${probe.name}-2` })]
      await insight(probe, { dashboards: [at(from, 'id')] })
      const tile = at(await probe.need('GET', `dashboards/${idOf(from)}/`), 'tiles', 0, 'id')
      if (tile === undefined) throw new NotTried('The insight is on no dashboard.')
      const body = { tile: { id: tile }, to_dashboard: at(to, 'id') }
      return hasStatus(await probe.call('PATCH', `dashboards/${idOf(from)}/move_tile/`, { body }), 200)
    },
    { source: 'PostHog/posthog OpenAPI document of 2026-09-16 and npm @posthog/cli 0.18.3' },
  ),
  write('tile-insight', 'A tile has the insight, its layouts and its color.', async (probe) => {
    const from = await dashboard(probe)
    await insight(probe, { dashboards: [at(from, 'id')] })
    const tile = at(await probe.need('GET', `dashboards/${idOf(from)}/`), 'tiles', 0)
    return hasFields(tile, 'id', 'insight', 'layouts', 'color')
  }),
  write('action-steps', 'An action has steps with event, selector and url.', async (probe) => {
    const action = await create(
      probe,
      'actions/',
      { name: probe.name, steps: [{ event: '$pageview' }] },
      'PATCH',
    )
    return hasFields(
      at(await probe.need('GET', `actions/${idOf(action)}/`), 'steps', 0),
      'event',
      'selector',
      'url',
    )
  }),
  write(
    'action-selector-regex',
    'A step of an action has no selector_regex, or a text, or null.',
    async (probe) => {
      const action = await create(
        probe,
        'actions/',
        { name: probe.name, steps: [{ event: '$pageview' }] },
        'PATCH',
      )
      return hasShape(
        at(await probe.need('GET', `actions/${idOf(action)}/`), 'steps', 0, 'selector_regex'),
        'nothing',
        'null',
        'a string',
        'an empty string',
      )
    },
  ),
  write(
    'action-deleted',
    'A deleted action is still served by its id, with deleted true.',
    async (probe) => {
      const path = `actions/${idOf(await create(probe, 'actions/', { name: probe.name, steps: [{ event: '$pageview' }] }, 'PATCH'))}/`
      await probe.need('PATCH', path, { body: { deleted: true } })
      const reply = await probe.call('GET', path)
      return both(hasStatus(reply, 200), equals(at(reply.body, 'deleted'), true))
    },
    provider,
  ),
  write('annotation', 'An annotation is created with 201 and repeats its scope.', async (probe) => {
    const body = { content: probe.name, date_marker: '2026-01-02T03:04:05Z', scope: 'project' }
    const reply = await probe.call('POST', 'annotations/', { body })
    remove(probe, 'annotations/', reply.body, 'PATCH')
    return both(hasStatus(reply, 201), equals(at(reply.body, 'scope'), 'project'))
  }),
]
