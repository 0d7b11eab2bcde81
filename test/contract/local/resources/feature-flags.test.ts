import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, startAccount, TOKEN } from '../harness.ts'

const flags = '/api/projects/{project_id}/feature_flags/'
const flag = '/api/projects/{project_id}/feature_flags/{id}/'
const byEmail = { key: 'email', type: 'person', operator: 'icontains', value: '@example.com' } as const

let account: Account

beforeAll(async () => {
  account = await startAccount({
    projects: [2, 3],
    keys: [{ value: 'phs_flags', kind: 'project_secret', scopes: ['feature_flag:read'] }],
  })
})
afterAll(() => account.local.close())

/** Makes a flag and answers its id. */
async function made(key: string, more: object = {}): Promise<number> {
  return (await account.posthog.request(`POST ${flags}`, { body: { key, ...more } })).id
}

describe('feature flags', () => {
  it('start with version 1, enabled for everybody', async () => {
    const created = await account.posthog.request(`POST ${flags}`, {
      body: { key: 'new-checkout', name: 'New checkout', tags: ['shop'] },
    })
    expect(created).toMatchObject({
      version: 1,
      active: true,
      deleted: false,
      tags: ['shop'],
      status: 'ACTIVE',
    })
    expect(await account.posthog.request(`GET ${flag}`, { path: { id: created.id } })).toEqual(created)
  })

  it('require a unique key', async () => {
    const path = '/api/projects/1/feature_flags/'
    expect(await account.call('POST', path, { body: {} })).toMatchObject({
      status: 400,
      body: { attr: 'key', code: 'required', detail: 'This field is required.', type: 'validation_error' },
    })
    await made('taken')
    expect(await account.call('POST', path, { body: { key: 'taken' } })).toMatchObject({
      status: 400,
      body: { attr: 'key', code: 'unique' },
    })
    expect(await account.call('POST', path, { body: { key: 'not this' } })).toMatchObject({
      status: 400,
      body: { attr: 'key', code: 'invalid_key' },
    })
  })

  it('number versions and return each one', async () => {
    const id = await made('versions')
    const changed = await account.posthog.request(`PATCH ${flag}`, { path: { id }, body: { name: 'Second' } })
    expect(changed).toMatchObject({ version: 2, name: 'Second' })
    const version = `GET ${flag}versions/{version_number}/` as const
    expect(await account.posthog.request(version, { path: { id, version_number: 1 } })).toMatchObject({
      name: '',
      version: 1,
      is_historical: true,
    })
    expect(await account.posthog.request(version, { path: { id, version_number: 2 } })).toMatchObject({
      name: 'Second',
      is_historical: false,
    })
    await expect(account.posthog.request(version, { path: { id, version_number: 3 } })).rejects.toMatchObject(
      { status: 404 },
    )
    const activity = await account.posthog.request(`GET ${flag}activity/`, { path: { id } })
    expect(activity.total_count).toBe(2)
    expect(activity.results.map((entry) => entry.activity)).toEqual(['updated', 'created'])
    expect(activity.results[0]?.detail?.changes).toMatchObject([
      { field: 'name', before: '', after: 'Second' },
    ])
  })

  it('reject an edit of an older version only if both changed the same field differently', async () => {
    const id = await made('edited', { name: 'One' })
    const original = { name: 'One', active: true }
    const edit = (body: object): ReturnType<typeof account.call> =>
      account.call('PATCH', `/api/projects/1/feature_flags/${id}/`, { body })
    expect((await edit({ name: 'Two', version: 1, original_flag: original })).status).toBe(200)
    expect(await edit({ name: 'Three', version: 1, original_flag: original })).toMatchObject({
      status: 409,
      body: {
        type: 'server_error',
        code: 'conflict',
        detail:
          'The feature flag was updated by local@example.com since you started editing it. ' +
          'Please refresh and try again.',
        attr: null,
      },
    })
    expect((await edit({ name: 'Two', version: 1, original_flag: original })).status).toBe(200)
    expect(await edit({ name: 'One', active: false, version: 1, original_flag: original })).toMatchObject({
      status: 200,
      body: { name: 'Two', active: false },
    })
    expect((await edit({ name: 'Three', version: 1 })).status).toBe(200)
  })

  it('are deleted by a field, not by DELETE, and can be read and restored', async () => {
    const id = await made('gone')
    const refused = await account.call('DELETE', `/api/projects/1/feature_flags/${id}/`)
    expect([refused.status, refused.text]).toEqual([405, ''])
    await account.posthog.request(`PATCH ${flag}`, { path: { id }, body: { deleted: true } })
    expect(await account.posthog.request(`GET ${flag}`, { path: { id } })).toMatchObject({ deleted: true })
    expect(await account.posthog.request(`GET ${flags}`, { query: { key: 'gone' } })).toMatchObject({
      count: 0,
    })
    expect(await account.posthog.request(`GET ${flag}status/`, { path: { id } })).toMatchObject({
      status: 'deleted',
    })
    const other = await made('gone')
    expect(
      await account.call('PATCH', `/api/projects/1/feature_flags/${id}/`, { body: { deleted: false } }),
    ).toMatchObject({ status: 400, body: { attr: 'key', code: 'unique' } })
    await account.posthog.request(`PATCH ${flag}`, { path: { id: other }, body: { deleted: true } })
    await account.posthog.request(`PATCH ${flag}`, { path: { id }, body: { deleted: false } })
    expect(await account.posthog.request(`GET ${flags}`, { query: { key: 'gone' } })).toMatchObject({
      count: 1,
    })
  })

  it('require the key in a PUT', async () => {
    const id = await made('put')
    const put = (body: object): ReturnType<typeof account.call> =>
      account.call('PUT', `/api/projects/1/feature_flags/${id}/`, { body })
    expect(await put({ name: 'New' })).toMatchObject({ status: 400, body: { attr: 'key', code: 'required' } })
    expect(await put({ key: 'put', name: 'New' })).toMatchObject({ status: 200, body: { name: 'New' } })
  })

  it('are enabled, disabled, archived and unarchived once', async () => {
    const id = await made('states')
    const act = (action: 'enable' | 'disable' | 'archive' | 'unarchive') =>
      account.posthog.request(`POST ${flag}${action}/`, { path: { id } })
    expect(await act('disable')).toMatchObject({ active: false, version: 2 })
    expect(await act('disable')).toMatchObject({ active: false, version: 2 })
    await act('enable')
    expect(await act('archive')).toMatchObject({ active: false, archived: true, version: 4 })
    await expect(act('enable')).rejects.toMatchObject({ status: 400 })
    expect(await act('unarchive')).toMatchObject({ archived: false })
    expect(await act('enable')).toMatchObject({ active: true })
  })

  it('cannot be deleted while an active flag depends on them', async () => {
    const base = await made('base')
    const dependent = await made('dependent', {
      filters: {
        groups: [
          {
            properties: [{ key: String(base), type: 'flag', operator: 'flag_evaluates_to', value: true }],
            rollout_percentage: 100,
          },
        ],
      },
    })
    expect(await account.posthog.request(`GET ${flag}dependent_flags/`, { path: { id: base } })).toEqual([
      { id: dependent, key: 'dependent', name: 'dependent' },
    ])
    const body = { deleted: true }
    const refused = await account.call('PATCH', `/api/projects/1/feature_flags/${base}/`, { body })
    expect(refused.status).toBe(400)
    expect(refused.body['detail']).toContain(`dependent (ID: ${dependent})`)
  })

  it('list the activity of all flags in pages', async () => {
    const id = await made('active-in-the-log')
    await account.posthog.request(`PATCH ${flag}`, { path: { id }, body: { active: false } })
    const all = await account.posthog.request(`GET ${flags}activity/`, { query: { limit: 1 } })
    expect(all.results).toMatchObject([{ item_id: String(id), activity: 'updated' }])
    expect(all.next).toContain('page=2')
  })

  it('become stale after 30 days with one value for everybody', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z')
    await using old = await startAccount({ events: 0, now: () => new Date(now) })
    const { id } = await old.posthog.request(`POST ${flags}`, { body: { key: 'old' } })
    expect(await old.posthog.request(`GET ${flag}status/`, { path: { id } })).toMatchObject({
      status: 'active',
    })
    now += 40 * 86_400_000
    expect(await old.posthog.request(`GET ${flag}status/`, { path: { id } })).toMatchObject({
      status: 'stale',
    })
    expect(await old.posthog.request(`GET ${flags}`, { query: { active: 'STALE' } })).toMatchObject({
      count: 1,
    })
    expect(await old.call('GET', '/api/projects/1/feature_flags/99/status/')).toMatchObject({
      status: 404,
      body: { status: 'unknown' },
    })
  })
})

describe('the list of feature flags', () => {
  it('is filtered and sorted, newest first', async () => {
    await using own = await startAccount({ events: 0 })
    const make = (body: Record<string, unknown>) =>
      own.call('POST', '/api/projects/1/feature_flags/', { body })
    await make({ key: 'one', name: 'Some thing', tags: ['a', 'b'] })
    await make({ key: 'two', active: false })
    await make({
      key: 'three',
      filters: {
        groups: [],
        multivariate: {
          variants: [
            { key: 'control', rollout_percentage: 50 },
            { key: 'test', rollout_percentage: 50 },
          ],
        },
      },
    })
    const keys = async (query: object): Promise<string[]> =>
      (await own.posthog.request(`GET ${flags}`, { query })).results.map(({ key }) => key)
    expect(await keys({})).toEqual(['three', 'two', 'one'])
    expect(await keys({ active: 'false' })).toEqual(['two'])
    expect(await keys({ archived: 'true' })).toEqual([])
    expect(await keys({ search: 'some thing' })).toEqual(['one'])
    expect(await keys({ key: 'TWO' })).toEqual(['two'])
    expect(await keys({ tags: '["b"]' })).toEqual(['one'])
    expect(await keys({ excluded_tags: '["b"]' })).toEqual(['three', 'two'])
    expect(await keys({ type: 'multivariant' })).toEqual(['three'])
    expect(await keys({ created_by_id: '1', limit: 1 })).toEqual(['three'])
    expect(await keys({ created_by_id: '2' })).toEqual([])
    expect(await keys({ created_by_id: '2,1' })).toHaveLength(3)
    expect(await keys({ eligible_for_experiment: 'true' })).toEqual(['three'])
  })

  it('omits archived flags unless `archived` is a filter', async () => {
    await using own = await startAccount({ events: 0 })
    const { id } = await own.posthog.request(`POST ${flags}`, { body: { key: 'kept' } })
    await own.posthog.request(`POST ${flags}`, { body: { key: 'done', active: false, archived: true } })
    const keys = async (query: object): Promise<string[]> =>
      (await own.posthog.request(`GET ${flags}`, { query })).results.map(({ key }) => key)
    expect(await keys({})).toEqual(['kept'])
    expect(await keys({ key: 'done' })).toEqual([])
    expect(await keys({ key: 'done', archived: 'true' })).toEqual(['done'])
    expect(await keys({ archived: 'false' })).toEqual(['kept'])
    expect(await own.posthog.request(`POST ${flag}archive/`, { path: { id } })).toMatchObject({
      active: false,
      archived: true,
      status: 'ARCHIVED',
    })
    expect(await keys({})).toEqual([])
  })

  it('omits the flags that surveys created, and shows those that use a flag', async () => {
    await using own = await startAccount({ events: 0 })
    const { id } = await own.posthog.request(`POST ${flags}`, { body: { key: 'linked' } })
    const survey = { name: 'NPS', type: 'popover', linked_flag_id: id }
    await own.call('POST', '/api/projects/1/surveys/', { body: survey })
    const feature = { name: 'Beta', stage: 'beta', feature_flag_id: id }
    await own.call('POST', '/api/projects/1/early_access_feature/', { body: feature })
    const { results } = await own.posthog.request(`GET ${flags}`)
    expect(results).toMatchObject([
      {
        key: 'linked',
        surveys: [{ name: 'NPS', linked_flag_key: 'linked' }],
        features: [{ name: 'Beta', stage: 'beta', flagKey: 'linked' }],
        usage_dashboard: null,
      },
    ])
  })
})

describe('feature flags in bulk', () => {
  it('return keys, are tagged and deleted', async () => {
    const ids = [await made('bulk-a', { tags: ['x'] }), await made('bulk-b')]
    const [a = 0, b = 0] = ids
    expect(
      await account.posthog.request(`POST ${flags}bulk_keys/`, { body: { ids: [...ids, 999] } }),
    ).toEqual({
      keys: { [a]: 'bulk-a', [b]: 'bulk-b' },
    })
    expect(
      await account.posthog.request(`POST ${flags}bulk_update_tags/`, {
        body: { ids: [...ids, 999], action: 'add', tags: ['y'] },
      }),
    ).toEqual({
      updated: [
        { id: a, tags: ['x', 'y'] },
        { id: b, tags: ['y'] },
      ],
      skipped: [{ id: 999, reason: 'Not found' }],
    })
    const tagged = (action: string, tags: string[]): ReturnType<typeof account.call> =>
      account.call('POST', '/api/projects/1/feature_flags/bulk_update_tags/', {
        body: { ids: [b], action, tags },
      })
    expect((await tagged('remove', ['y'])).body['updated']).toEqual([{ id: b, tags: [] }])
    expect((await tagged('set', ['A', 'a'])).body['updated']).toEqual([{ id: b, tags: ['a'] }])
    expect((await tagged('shuffle', [])).body).toMatchObject({ attr: 'action', code: 'invalid_choice' })
    expect(await account.posthog.request(`POST ${flags}bulk_delete/`, { body: { ids: [a, 999] } })).toEqual({
      deleted: [{ id: a, key: 'bulk-a', rollout_state: 'fully_rolled_out', active_variant: null }],
      errors: [{ id: 999, reason: 'Flag not found' }],
    })
    expect(await account.posthog.request(`GET ${flag}`, { path: { id: a } })).toMatchObject({ deleted: true })
  })
})

describe('settings of feature flags', () => {
  it('are taken and shown', async () => {
    const settings = {
      is_remote_configuration: true,
      ensure_experience_continuity: true,
      evaluation_runtime: 'server',
      bucketing_identifier: 'device_id',
    } as const
    const created = await account.posthog.request(`POST ${flags}`, { body: { key: 'settings', ...settings } })
    expect(created).toMatchObject(settings)
    const body = { evaluation_runtime: 'client', bucketing_identifier: 'distinct_id' } as const
    const path = { id: created.id }
    expect(await account.posthog.request(`PATCH ${flag}`, { path, body })).toMatchObject(body)
    const wrong = { body: { evaluation_runtime: 'both' } }
    expect(await account.call('PATCH', `/api/projects/1/feature_flags/${path.id}/`, wrong)).toMatchObject({
      status: 400,
      body: { attr: 'evaluation_runtime', code: 'invalid_choice' },
    })
  })
})

describe('bulk_delete', () => {
  const remove = (body: object): ReturnType<typeof account.call> =>
    account.call('POST', '/api/projects/1/feature_flags/bulk_delete/', { body })

  it('deletes the flags that match filters, and no archived one', async () => {
    const id = await made('sweep-a', { tags: ['sweep'] })
    await made('sweep-b', { tags: ['sweep'], active: false, archived: true })
    expect((await remove({ filters: { tags: ['sweep'] } })).body).toMatchObject({
      deleted: [{ id, key: 'sweep-a' }],
      errors: [],
    })
    expect((await remove({ filters: { tags: ['sweep'], archived: true } })).body).toMatchObject({
      deleted: [{ key: 'sweep-b' }],
    })
  })

  it('rejects both, neither and unknown filters', async () => {
    expect(await remove({ ids: [1], filters: { active: 'true' } })).toMatchObject({
      status: 400,
      body: { error: 'Provide either filters or ids, not both' },
    })
    expect(await remove({})).toMatchObject({
      status: 400,
      body: { error: 'Must provide either filters or ids' },
    })
    expect(await remove({ filters: { name: 'x' } })).toMatchObject({
      status: 400,
      body: { error: 'Unknown filter keys: name' },
    })
  })

  it('keeps flags in use, and says why', async () => {
    const id = await made('in-use')
    const feature = { name: 'In use', stage: 'beta', feature_flag_id: id }
    await account.call('POST', '/api/projects/1/early_access_feature/', { body: feature })
    expect((await remove({ ids: [id, 'x'] })).body).toEqual({
      deleted: [],
      errors: [
        { id: 'x', reason: 'Invalid flag ID format' },
        {
          id,
          key: 'in-use',
          reason: 'Cannot delete a feature flag that is in use with early access features',
        },
      ],
    })
  })
})

describe('feature flags of different projects', () => {
  it('are separate, and can be copied', async () => {
    expect(await account.posthog.request('GET /api/users/{uuid}/', { path: { uuid: '@me' } })).toMatchObject({
      organization: { projects: [{ id: 1 }, { id: 2 }, { id: 3 }] },
    })
    expect((await account.call('GET', '/api/projects/')).body).toMatchObject({ count: 3 })
    await made('travels', { name: 'First' })
    const copy = (body: object) =>
      account.posthog.request('POST /api/organizations/{organization_id}/feature_flags/copy_flags/', {
        path: { organization_id: '@current' },
        body: { feature_flag_key: 'travels', from_project: 1, target_project_ids: [2, 9], ...body },
      })
    const copied = await copy({ disable_copied_flag: true })
    expect(copied.success).toMatchObject([{ key: 'travels', name: 'First', active: false, version: 1 }])
    expect(copied.failed).toEqual([{ project_id: 9, error_message: 'Project not found.' }])
    const [again] = (await copy({})).success
    expect(again).toMatchObject({ key: 'travels', active: true, version: 2 })
    expect((await account.call('GET', '/api/projects/2/feature_flags/')).body).toMatchObject({ count: 1 })
    expect((await account.call('GET', '/api/projects/3/feature_flags/')).body).toMatchObject({ count: 0 })
    expect((await account.call('GET', `/api/projects/1/feature_flags/${again?.id}/`)).status).toBe(404)
    expect((await account.call('GET', '/api/projects/4/feature_flags/')).status).toBe(404)
    await expect(copy({ feature_flag_key: 'nowhere' })).rejects.toMatchObject({ status: 400 })
  })
})

describe('flag evaluation', () => {
  it('returns a reason for each flag', async () => {
    await made('for-nobody', { filters: { groups: [{ properties: [], rollout_percentage: 0 }] } })
    await made('for-members', { filters: { groups: [{ properties: [byEmail], rollout_percentage: 100 }] } })
    await made('off', { active: false })
    const [[id] = []] = (await account.rows(
      'select distinct_id from events where person.properties.email is not null limit 1',
    )) as string[][]
    const reasons = await account.posthog.request(`GET ${flags}evaluation_reasons/`, {
      query: { distinct_id: id ?? '' },
    })
    expect(reasons).toMatchObject({
      'for-nobody': { value: false, evaluation: { reason: 'out_of_rollout_bound', condition_index: null } },
      'for-members': { value: true, evaluation: { reason: 'condition_match', condition_index: 0 } },
      off: { value: false, evaluation: { reason: 'disabled' } },
    })
  })

  it('counts matching persons, and creates no cohort of them for keys', async () => {
    const [[members, all] = []] = (await account.rows(
      "select countIf(properties.email like '%@example.com'), count() from persons",
    )) as number[][]
    expect(
      await account.posthog.request(`POST ${flags}user_blast_radius/`, {
        body: { condition: { properties: [byEmail], rollout_percentage: 100 } },
      }),
    ).toEqual({ affected: members, total: all })
    const id = await made('to-cohort', { filters: { groups: [{ properties: [byEmail] }] } })
    const cohort = account.posthog.request(`POST ${flag}create_static_cohort_for_flag/`, { path: { id } })
    await expect(cohort).rejects.toMatchObject({
      status: 403,
      detail: 'This action does not support personal API key access',
    })
  })

  it('shows the values of the flags for the user, newest first', async () => {
    const off = await made('mine-off', { active: false })
    const on = await made('mine-on', { filters: { groups: [{ properties: [], rollout_percentage: 100 }] } })
    const mine = await account.posthog.request(`GET ${flags}my_flags/`, {
      query: { flag_keys: ['mine-on', 'mine-off'] },
    })
    expect(mine).toMatchObject([
      { feature_flag: { id: on, key: 'mine-on', active: true, team_id: 1, version: 1 }, value: true },
      { feature_flag: { id: off, key: 'mine-off', active: false }, value: false },
    ])
    const all = await account.posthog.request(`GET ${flags}my_flags/`)
    expect(all.map(({ feature_flag }) => feature_flag.key)).toContain('to-cohort')
  })
})

describe('remote configuration', () => {
  it('is the payload by id or key, and empty without one', async () => {
    const filters = (payloads: object): object => ({ filters: { groups: [], payloads } })
    const id = await made('config', { is_remote_configuration: true, ...filters({ true: '{"a":1}' }) })
    const path = (name: string | number): string =>
      `/api/projects/1/feature_flags/${name}/remote_config?token=${TOKEN}`
    const answer = await account.call('GET', path('config'))
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, '{"a":1}'])
    expect((await account.call('GET', path(id))).text).toBe(answer.text)
    expect(await account.posthog.request(`GET ${flag}remote_config/`, { path: { id } })).toBe('{"a":1}')
    await made('empty-config', { is_remote_configuration: true, ...filters({}) })
    const key = 'phs_flags'
    expect((await account.call('GET', path('config'), { key })).text).toBe(answer.text)
    expect((await account.call('GET', '/api/projects/1/feature_flags/', { key })).status).toBe(401)
    const empty = await account.call('GET', path('empty-config'))
    expect([empty.status, empty.text]).toEqual([200, ''])
    await made('no-config', filters({ true: '1' }))
    const none = await account.call('GET', path('no-config'))
    expect([none.status, none.text]).toEqual([404, ''])
  })
})
