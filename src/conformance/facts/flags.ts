import { type Assertion, area } from '../assertion.ts'
import { at, NotTried } from '../outcome.ts'
import type { Probe } from '../probe.ts'
import { both, equals, firstOf, hasFields, hasShape, hasStatus, isError, shapeOf } from '../verdicts.ts'
import { create, nobody, remove } from './create.ts'

const { read, write } = area('feature-flags', {
  source: 'PostHog/posthog posthog/api/feature_flag.py',
  date: '2026-11-27',
})
const document = { source: 'PostHog/posthog OpenAPI document of 2026-09-16' }
const provider = { source: 'PostHog/terraform-provider-posthog' }
const service = { source: 'PostHog/posthog rust/feature-flags/src/api/types.rs', date: '2026-11-20' }

/** Creates a flag that is on for nobody, and deletes it afterwards. */
const flag = (probe: Probe, more: object = {}): Promise<unknown> =>
  create(
    probe,
    'feature_flags/',
    { key: probe.name, name: '', filters: nobody, active: false, ...more },
    'PATCH',
  )

const pathOf = (body: unknown): string => `feature_flags/${String(at(body, 'id'))}/`

const firstFlag = async (probe: Probe): Promise<unknown> =>
  firstOf(await probe.need('GET', 'feature_flags/', { query: { limit: 1 } }), 'feature flags')

/** Evaluates the flags of the project for a person who does not exist. */
async function evaluate(probe: Probe): Promise<unknown> {
  const token = at(await probe.need('GET', `/api/projects/${probe.projectId}/`), 'api_token')
  if (typeof token !== 'string') throw new NotTried('The key cannot read the token of the project.')
  return probe.need('POST', '/flags/', {
    query: { v: 2 },
    body: { token, distinct_id: 'typehog-conformance' },
  })
}

/** Feature flags: objects, changes, refusals and evaluation. */
export const flagFacts: readonly Assertion[] = [
  read('features-array', 'features of a flag is an array.', async (probe) =>
    hasShape(at(await firstFlag(probe), 'features'), 'an array'),
  ),
  read('surveys-array', 'surveys of a flag is an array.', async (probe) =>
    hasShape(at(await firstFlag(probe), 'surveys'), 'an array'),
  ),
  read(
    'usage-dashboard',
    'usage_dashboard of a flag is a number or null.',
    async (probe) => hasShape(at(await firstFlag(probe), 'usage_dashboard'), 'a number', 'null'),
    document,
  ),
  read('groups', 'filters.groups of a flag is an array.', async (probe) =>
    hasShape(at(await firstFlag(probe), 'filters', 'groups'), 'an array'),
  ),
  read(
    'fields',
    'A flag has id, key, name, filters, active, deleted, version and tags.',
    async (probe) =>
      hasFields(
        await firstFlag(probe),
        'id',
        'key',
        'name',
        'filters',
        'active',
        'deleted',
        'version',
        'tags',
        'created_at',
        'created_by',
      ),
    document,
  ),
  read(
    'my-flags',
    'my_flags is an array.',
    async (probe) => hasShape(await probe.need('GET', 'feature_flags/my_flags/'), 'an array'),
    document,
  ),
  read(
    'evaluated-at',
    '/flags?v=2 answers with evaluatedAt in milliseconds.',
    async (probe) => {
      const value = at(await evaluate(probe), 'evaluatedAt')
      const held = typeof value === 'number' && value > 1e12 && value < 1e14
      return { held, seen: held ? 'milliseconds' : shapeOf(value) }
    },
    service,
  ),
  read(
    'minimal-events',
    '/flags?v=2 has no minimalFlagCalledEvents, or a boolean.',
    async (probe) =>
      hasShape(at(await evaluate(probe), 'minimalFlagCalledEvents'), 'nothing', 'true', 'false'),
    service,
  ),
  read(
    'evaluation-fields',
    '/flags?v=2 has flags, errorsWhileComputingFlags and requestId.',
    async (probe) => hasFields(await evaluate(probe), 'flags', 'errorsWhileComputingFlags', 'requestId'),
    service,
  ),
  write('create', 'A flag is created with 201.', async (probe) => {
    const reply = await probe.call('POST', 'feature_flags/', {
      body: { key: probe.name, filters: nobody, active: false },
    })
    remove(probe, 'feature_flags/', reply.body, 'PATCH')
    return hasStatus(reply, 201)
  }),
  write(
    'continuity',
    'ensure_experience_continuity and evaluation_runtime are accepted and repeated.',
    async (probe) => {
      const body = await flag(probe, { ensure_experience_continuity: true, evaluation_runtime: 'server' })
      return both(
        equals(at(body, 'ensure_experience_continuity'), true),
        equals(at(body, 'evaluation_runtime'), 'server'),
      )
    },
    provider,
  ),
  write('key-taken', 'A key that is taken is 400 on key.', async (probe) => {
    await flag(probe)
    return isError(
      await probe.call('POST', 'feature_flags/', { body: { key: probe.name, filters: nobody } }),
      400,
      null,
      'key',
    )
  }),
  write('key-form', 'A key with a space is 400 on key.', async (probe) => {
    const reply = await probe.call('POST', 'feature_flags/', {
      body: { key: `${probe.name} x`, filters: nobody },
    })
    remove(probe, 'feature_flags/', reply.body, 'PATCH')
    return isError(reply, 400, null, 'key')
  }),
  write(
    'deleted',
    'A deleted flag is still served by its id, with deleted true.',
    async (probe) => {
      const body = await flag(probe)
      await probe.need('PATCH', pathOf(body), { body: { deleted: true } })
      const reply = await probe.call('GET', pathOf(body))
      return both(hasStatus(reply, 200), equals(at(reply.body, 'deleted'), true))
    },
    provider,
  ),
  write('deleted-list', 'A deleted flag is not in the list.', async (probe) => {
    await probe.need('PATCH', pathOf(await flag(probe)), { body: { deleted: true } })
    const list = await probe.need('GET', 'feature_flags/', { query: { search: probe.name } })
    return equals(Object(at(list, 'results')).length, 0)
  }),
  write(
    'enable',
    'POST enable/ switches a flag on, and disable/ off.',
    async (probe) => {
      const path = pathOf(await flag(probe))
      const on = await probe.call('POST', `${path}enable/`)
      const off = await probe.call('POST', `${path}disable/`)
      return both(equals(at(on.body, 'active'), true), equals(at(off.body, 'active'), false))
    },
    document,
  ),
  write(
    'archive',
    'POST archive/ archives a flag and turns it off.',
    async (probe) => {
      const reply = await probe.call('POST', `${pathOf(await flag(probe))}archive/`)
      return both(
        hasStatus(reply, 200),
        equals(at(reply.body, 'archived'), true),
        equals(at(reply.body, 'active'), false),
      )
    },
    document,
  ),
  write(
    'archived-hidden',
    'An archived flag is found by its key with archived=true only.',
    async (probe) => {
      await probe.need('POST', `${pathOf(await flag(probe))}archive/`)
      const count = async (query: Record<string, string>): Promise<number> =>
        Object(at(await probe.need('GET', 'feature_flags/', { query }), 'results')).length
      const [hidden, shown] = [
        await count({ key: probe.name }),
        await count({ key: probe.name, archived: 'true' }),
      ]
      return { held: hidden === 0 && shown === 1, seen: `${hidden} without, ${shown} with archived=true` }
    },
    document,
  ),
  write(
    'static-cohort',
    'create_static_cohort_for_flag is refused to personal API keys with 403.',
    async (probe) => {
      const reply = await probe.call('POST', `${pathOf(await flag(probe))}create_static_cohort_for_flag/`)
      remove(probe, 'cohorts/', at(reply.body, 'cohort'), 'PATCH')
      return hasStatus(reply, 403)
    },
    { source: 'PostHog/posthog OpenAPI document of 2026-09-16: no security' },
  ),
  write(
    'dependents',
    'dependent_flags is an array.',
    async (probe) =>
      hasShape(await probe.need('GET', `${pathOf(await flag(probe))}dependent_flags/`), 'an array'),
    document,
  ),
  write(
    'status',
    'The status of a flag has status and reason.',
    async (probe) =>
      hasFields(await probe.need('GET', `${pathOf(await flag(probe))}status/`), 'status', 'reason'),
    document,
  ),
]
