import { type Assertion, area } from '../assertion.ts'
import { at, NotTried } from '../outcome.ts'
import { both, equals, hasFields, hasShape, hasStatus, lacksFields, shapeOf } from '../verdicts.ts'
import { create, nobody, trends } from './create.ts'

const { read, write } = area('lists', {
  source: 'PostHog/posthog OpenAPI document of 2026-09-16',
  date: '2026-11-27',
})
const settings = { source: 'PostHog/posthog posthog/settings/web.py', date: '2026-11-20' }
const forbidden = { source: 'PostHog/posthog posthog/api/forbid_destroy_model.py', date: '2026-11-20' }

/** Lists that page by limit and offset. */
const offsetLists = [
  'actions',
  'alerts',
  'annotations',
  'batch_exports',
  'cohorts',
  'dashboards',
  'early_access_feature',
  'endpoints',
  'event_definitions',
  'experiments',
  'feature_flags',
  'hog_functions',
  'insights',
  'notebooks',
  'property_definitions',
  'subscriptions',
  'surveys',
]

/** Bodies of resources that refuse DELETE: their objects are deleted by `deleted: true`. */
const refusesDelete: Readonly<Record<string, object>> = {
  actions: { steps: [{ event: '$pageview' }] },
  annotations: { date_marker: '2026-01-02T03:04:05Z', scope: 'project' },
  cohorts: { is_static: true },
  dashboards: {},
  feature_flags: { filters: nobody, active: false },
  insights: { query: trends },
}

/** Pages of lists, and how objects are deleted. */
export const listFacts: readonly Assertion[] = [
  ...offsetLists.map((name) =>
    read(`${name}-page`, `The list of ${name} has count, next, previous and results.`, async (probe) => {
      const body = await probe.need('GET', `${name}/`, { query: { limit: 1 } })
      return both(
        hasFields(body, 'count', 'next', 'previous', 'results'),
        hasShape(at(body, 'count'), 'a number'),
        hasShape(at(body, 'results'), 'an array'),
      )
    }),
  ),
  ...Object.entries(refusesDelete).map(([name, more]) =>
    write(
      `${name}-delete`,
      `DELETE of ${name} is 405 with an empty body.`,
      async (probe) => {
        const names = { name: probe.name, ...(name === 'feature_flags' ? { key: probe.name } : {}) }
        const created = await create(probe, `${name}/`, { ...names, content: probe.name, ...more }, 'PATCH')
        const { status, text } = await probe.call('DELETE', `${name}/${String(at(created, 'id'))}/`)
        return {
          held: status === 405 && text === '',
          seen: `status ${status}, ${text === '' ? 'no body' : 'a body'}`,
        }
      },
      forbidden,
    ),
  ),
  read(
    'limit',
    'A list has as many items as limit says.',
    async (probe) => {
      const body = await probe.need('GET', 'event_definitions/', { query: { limit: 2 } })
      if (Number(at(body, 'count')) < 3)
        throw new NotTried('The project has fewer than three event definitions.')
      return equals(Object(at(body, 'results')).length, 2)
    },
    settings,
  ),
  read(
    'next',
    'The link next is an absolute URL with the offset of the next page.',
    async (probe) => {
      const body = await probe.need('GET', 'event_definitions/', { query: { limit: 2 } })
      if (Number(at(body, 'count')) < 3)
        throw new NotTried('The project has fewer than three event definitions.')
      const next = String(at(body, 'next'))
      const found = /^https?:\/\/.*[?&]offset=2(?:&|$)/.test(next)
      return { held: found, seen: found ? 'an absolute URL with offset=2' : shapeOf(next) }
    },
    { source: 'PostHog/posthog posthog/settings/access.py', date: '2026-11-20' },
  ),
  read(
    'default-page',
    'A list without limit has at most 100 items, and next when there are more.',
    async (probe) => {
      for (const name of [
        'property_definitions',
        'event_definitions',
        'feature_flags',
        'insights',
        'cohorts',
      ]) {
        const body = await probe.need('GET', `${name}/`)
        if (Number(at(body, 'count')) <= 100) continue
        return both(equals(Object(at(body, 'results')).length, 100), hasShape(at(body, 'next'), 'a string'))
      }
      throw new NotTried('No list of the project has more than 100 objects.')
    },
    settings,
  ),
  read(
    'offset-end',
    'A page beyond the end is empty and has no next.',
    async (probe) => {
      const body = await probe.need('GET', 'cohorts/', { query: { limit: 1, offset: 1_000_000 } })
      return both(equals(Object(at(body, 'results')).length, 0), equals(at(body, 'next'), null))
    },
    settings,
  ),
  read(
    'persons-page',
    'The list of persons has results, next and previous, and no count.',
    async (probe) => {
      const body = await probe.need('GET', 'persons/', { query: { limit: 1 } })
      return both(hasFields(body, 'results', 'next', 'previous'), lacksFields(body, 'count'))
    },
    { source: 'PostHog/posthog posthog/api/person.py' },
  ),
  read(
    'recordings-page',
    'The list of recordings has results and has_next, and no count.',
    async (probe) => {
      const body = await probe.need('GET', 'session_recordings/', { query: { limit: 1 } })
      return both(hasFields(body, 'results', 'has_next'), lacksFields(body, 'count'))
    },
    { source: 'PostHog/posthog posthog/session_recordings/session_recording_api.py', date: '2026-11-20' },
  ),
  read('group-types', 'The list of group types is an array.', async (probe) =>
    hasShape(await probe.need('GET', 'groups_types/'), 'an array'),
  ),
  read(
    'comments-page',
    'The list of comments has next, previous and results, and no count.',
    async (probe) => {
      const body = await probe.need('GET', 'comments/')
      return both(hasFields(body, 'next', 'previous', 'results'), lacksFields(body, 'count'))
    },
  ),
  read(
    'variables-page',
    'The list of insight variables has count, next, previous and results.',
    async (probe) =>
      hasFields(await probe.need('GET', 'insight_variables/'), 'count', 'next', 'previous', 'results'),
  ),
  read('members-page', 'The list of members has count, next, previous and results.', async (probe) =>
    hasFields(
      await probe.need('GET', '/api/organizations/@current/members/', { query: { limit: 1 } }),
      'count',
      'next',
      'previous',
      'results',
    ),
  ),
  read(
    'activity-page',
    'The activity of a resource has results, next, previous and total_count.',
    async (probe) =>
      hasFields(
        await probe.need('GET', 'cohorts/activity/', { query: { limit: 1, page: 1 } }),
        'results',
        'next',
        'previous',
        'total_count',
      ),
    { source: 'PostHog/posthog posthog/api/activity_page.py', date: '2026-11-20' },
  ),
  read(
    'unknown-parameter',
    'An unknown query parameter is ignored.',
    async (probe) =>
      hasStatus(await probe.call('GET', 'cohorts/', { query: { limit: 1, typehog_conformance: 1 } }), 200),
    settings,
  ),
]
