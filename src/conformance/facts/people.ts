import { type Assertion, area } from '../assertion.ts'
import { at, NotTried } from '../outcome.ts'
import type { Probe } from '../probe.ts'
import { both, equals, firstOf, hasFields, hasShape, hasStatus } from '../verdicts.ts'
import { create } from './create.ts'

const { read, write } = area('people', {
  source: 'PostHog/posthog posthog/api/person.py',
  date: '2026-11-27',
})
const cohorts = { source: 'PostHog/posthog posthog/api/cohort.py' }
const organizations = { source: 'PostHog/posthog OpenAPI document of 2026-09-16' }

const firstPerson = async (probe: Probe): Promise<unknown> =>
  firstOf(await probe.need('GET', 'persons/', { query: { limit: 1 } }), 'persons')

/** Persons, cohorts, events and roles. Nothing deletes or merges a person. */
export const peopleFacts: readonly Assertion[] = [
  read('list-id', 'In the list of persons, id is the UUID.', async (probe) => {
    const person = await firstPerson(probe)
    const same = at(person, 'id') === at(person, 'uuid')
    return both(hasShape(at(person, 'id'), 'a UUID'), {
      held: same,
      seen: same ? 'equal to uuid' : 'other than uuid',
    })
  }),
  read('get-id', 'A single person has a number as id.', async (probe) => {
    const uuid = at(await firstPerson(probe), 'uuid')
    return hasShape(
      at(await probe.need('GET', 'persons/{id}/', { path: { id: String(uuid) } }), 'id'),
      'a number',
    )
  }),
  read(
    'fields',
    'A person of the list has uuid, name, distinct_ids, properties, created_at and is_identified.',
    async (probe) =>
      hasFields(
        await firstPerson(probe),
        'uuid',
        'name',
        'distinct_ids',
        'properties',
        'created_at',
        'is_identified',
      ),
  ),
  read('distinct-id', 'The filter distinct_id finds one person at most.', async (probe) => {
    const [id] = Object(at(await firstPerson(probe), 'distinct_ids'))
    if (typeof id !== 'string') throw new NotTried('The first person has no distinct id.')
    return equals(
      Object(at(await probe.need('GET', 'persons/', { query: { distinct_id: id } }), 'results')).length,
      1,
    )
  }),
  read('unknown', 'An unknown person is 404.', async (probe) =>
    hasStatus(await probe.call('GET', 'persons/00000000-0000-4000-8000-000000000000/'), 404),
  ),
  read(
    'events',
    'The list of events has results and next.',
    async (probe) =>
      hasFields(await probe.need('GET', 'events/', { query: { limit: 1 } }), 'results', 'next'),
    { source: 'PostHog/posthog posthog/api/event.py', date: '2026-11-20' },
  ),
  read(
    'role-creator',
    'created_by of a role is an object or null.',
    async (probe) => {
      const role = firstOf(await probe.need('GET', '/api/organizations/@current/roles/'), 'roles')
      const body = await probe.need('GET', `/api/organizations/@current/roles/${String(at(role, 'id'))}/`)
      return hasShape(at(body, 'created_by'), 'an object', 'null')
    },
    organizations,
  ),
  write(
    'static-cohort',
    'A static cohort is created with 201.',
    async (probe) =>
      hasFields(
        await create(probe, 'cohorts/', { name: probe.name, is_static: true }, 'PATCH'),
        'id',
        'is_static',
        'count',
        'is_calculating',
      ),
    cohorts,
  ),
  write(
    'cohort-persons',
    'The persons of a cohort have results, next and previous.',
    async (probe) => {
      const cohort = await create(probe, 'cohorts/', { name: probe.name, is_static: true }, 'PATCH')
      return hasFields(
        await probe.need('GET', `cohorts/${String(at(cohort, 'id'))}/persons/`),
        'results',
        'next',
        'previous',
      )
    },
    cohorts,
  ),
  write(
    'cohort-deleted',
    'A deleted cohort is not in the list.',
    async (probe) => {
      const cohort = await create(probe, 'cohorts/', { name: probe.name, is_static: true }, 'PATCH')
      await probe.need('PATCH', `cohorts/${String(at(cohort, 'id'))}/`, { body: { deleted: true } })
      const list = await probe.need('GET', 'cohorts/', { query: { search: probe.name } })
      return equals(Object(at(list, 'results')).length, 0)
    },
    cohorts,
  ),
]
