import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, startAccount, TOKEN } from '../harness.ts'

const groups = '/api/projects/{project_id}/groups/'

let account: Account

beforeAll(async () => {
  account = await startAccount({ events: 100 })
})
afterAll(() => account.local.close())

const post = (key: string, group_properties: unknown = {}): ReturnType<Account['call']> =>
  account.call('POST', '/api/projects/1/groups/', {
    body: { group_type_index: 0, group_key: key, group_properties },
  })

describe('groups', () => {
  it('are created, found, changed and listed', async () => {
    expect(await post('acme', { name: 'Acme', seats: 3 })).toMatchObject({
      status: 201,
      body: { group_key: 'acme' },
    })
    expect((await post('acme')).status).toBe(400)
    expect(
      await account.call('POST', '/api/projects/1/groups/', {
        body: { group_type_index: 4, group_key: 'x' },
      }),
    ).toMatchObject({ status: 400, body: { attr: 'group_type_index' } })
    const query = { group_type_index: 0, group_key: 'acme' }
    await account.posthog.request(`POST ${groups}update_property/`, {
      query,
      body: { key: 'plan', value: 'pro' },
    })
    await account.posthog.request(`POST ${groups}delete_property/`, { query, body: { $unset: 'seats' } })
    expect(await account.posthog.request(`GET ${groups}find/`, { query })).toMatchObject({
      group_properties: { name: 'Acme', plan: 'pro' },
    })
    await expect(
      account.posthog.request(`GET ${groups}find/`, { query: { ...query, group_key: 'nobody' } }),
    ).rejects.toMatchObject({ status: 404 })
    expect(await account.posthog.request(`GET ${groups}property_definitions/`)).toEqual({
      '0': [
        { name: 'name', count: 1 },
        { name: 'plan', count: 1 },
      ],
    })
    expect(
      await account.posthog.request(`GET ${groups}property_values/`, {
        query: { group_type_index: 0, key: 'plan' },
      }),
    ).toEqual([{ name: 'pro', count: 1 }])
    const activity = await account.posthog.request(`GET ${groups}activity/`, {
      query: { group_type_index: 0, id: 'acme' },
    })
    expect(activity.results.map((entry) => entry.activity)).toEqual([
      'delete_property',
      'update_property',
      'create_group',
    ])
  })

  it('are paged by cursor, 100 per page whatever `limit` says', async () => {
    await using own = await startAccount({ events: 0 })
    for (let index = 0; index < 130; index += 1) {
      const body = { group_type_index: 0, group_key: `group-${index}` }
      await own.call('POST', '/api/projects/1/groups/', { body })
    }
    const list = (path: string): ReturnType<Account['call']> => own.call('GET', path)
    const first = (await list('/api/projects/1/groups/?group_type_index=0&limit=5')).body
    expect(first['results']).toHaveLength(100)
    expect(first['previous']).toBeNull()
    const second = (await list(String(first['next']).replace('http://local.test', ''))).body
    expect(second['results']).toHaveLength(30)
    expect(second['next']).toBeNull()
    const back = (await list(String(second['previous']).replace('http://local.test', ''))).body
    expect(back['results']).toEqual(first['results'])
    expect((await list('/api/projects/1/groups/')).status).toBe(400)
    const all: string[] = []
    const query = { group_type_index: 0, search: '' }
    for await (const group of own.posthog.list(`GET ${groups}`, { query })) all.push(group.group_key)
    expect(all).toEqual(Array.from({ length: 130 }, (_, index) => `group-${129 - index}`))
  })

  it('get new types from events, which also relate them to persons', async () => {
    await account.send('/batch/', {
      api_key: TOKEN,
      batch: [
        {
          event: '$groupidentify',
          distinct_id: 'a',
          properties: { $group_type: 'team', $group_key: 'blue', $group_set: { name: 'Blue' } },
        },
        { event: 'work', distinct_id: 'b', properties: { $groups: { team: 'blue', company: 'acme' } } },
      ],
    })
    expect(await account.posthog.request('GET /api/projects/{project_id}/groups_types/')).toMatchObject([
      { group_type: 'company', group_type_index: 0 },
      { group_type: 'team', group_type_index: 1 },
    ])
    expect(
      await account.posthog.request(`GET ${groups}find/`, {
        query: { group_type_index: 1, group_key: 'blue' },
      }),
    ).toMatchObject({ group_properties: { name: 'Blue' } })
    expect(
      await account.posthog.request(`GET ${groups}related/`, { query: { group_type_index: 1, id: 'blue' } }),
    ).toMatchObject([
      { type: 'person', distinct_ids: ['b'] },
      { type: 'group', group_key: 'acme', group_type_index: 0 },
    ])
    expect(
      await account.posthog.request(`GET ${groups}`, { query: { group_type_index: 1, search: 'blu' } }),
    ).toMatchObject({ results: [{ group_key: 'blue' }], next: null })
  })
})
