import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, startAccount } from '../harness.ts'

const cohorts = '/api/projects/{project_id}/cohorts/'
const cohort = '/api/projects/{project_id}/cohorts/{id}/'
const READER = 'phx_cohorts'

let account: Account

beforeAll(async () => {
  account = await startAccount({ keys: [{ value: READER, kind: 'personal', scopes: ['cohort:read'] }] })
})
afterAll(() => account.local.close())

async function uuids(limit: number): Promise<string[]> {
  const rows = (await account.rows(
    `select toString(id) from persons order by id limit ${limit}`,
  )) as string[][]
  return rows.flat()
}

const paying = {
  properties: {
    type: 'AND' as const,
    values: [{ type: 'person' as const, key: 'is_paying', operator: 'exact', value: [true] }],
  },
}

describe('cohorts', () => {
  it('with a property filter contain the persons who match now', async () => {
    const created = await account.posthog.request(`POST ${cohorts}`, {
      body: { name: 'Paying', description: 'They pay', filters: paying },
    })
    const [[count] = []] = (await account.rows(
      'select count() from persons where properties.is_paying = true',
    )) as number[][]
    expect(created).toMatchObject({
      name: 'Paying',
      count,
      is_static: false,
      is_calculating: false,
      cohort_type: 'person_property',
      version: 1,
    })
    const path = { id: created.id }
    const page = await account.posthog.request(`GET ${cohort}persons/`, { path, query: { limit: 2 } })
    expect(page.results).toHaveLength(2)
    expect(page.next).toContain('offset=2')
    expect(page.results.every((one) => one.properties['is_paying'] === true)).toBe(true)
    const id = page.results[0]?.uuid ?? ''
    await account.call('POST', `/api/projects/1/persons/${id}/update_property/`, {
      body: { key: 'is_paying', value: false },
    })
    expect(await account.posthog.request(`GET ${cohort}`, { path })).toMatchObject({
      count: (count ?? 0) - 1,
    })
    const negated = await account.posthog.request(`POST ${cohorts}`, {
      body: {
        name: 'Not paying',
        filters: {
          properties: {
            type: 'AND',
            values: [{ type: 'cohort', key: 'id', value: created.id, negation: true }],
          },
        },
      },
    })
    const [[all] = []] = (await account.rows('select count() from persons')) as number[][]
    expect(negated.count).toBe((all ?? 0) - (count ?? 0) + 1)
  })

  it('are searched by name: those that contain the text, or else similar ones', async () => {
    await account.posthog.cohorts.create({ name: 'Enterprise accounts', filters: paying })
    await account.posthog.cohorts.create({ name: 'Enterprising students', filters: paying })
    const search = async (text: string): Promise<unknown[]> => {
      const { items } = await account.posthog.cohorts.list({ search: text })
      return items.map(({ name, search_match_type }) => [name, search_match_type])
    }
    expect(await search('enterprise')).toEqual([['Enterprise accounts', 'exact']])
    expect(await search('acount')).toEqual([['Enterprise accounts', 'similar']])
    expect(await search('xyz')).toEqual([])
  })

  it('show no conditions in a basic list', async () => {
    const { items } = await account.posthog.cohorts.list({ basic: true })
    expect(items[0]).toMatchObject({ name: expect.any(String), count: expect.any(Number) })
    for (const name of ['filters', 'query', 'groups']) expect(items[0]).not.toHaveProperty(name)
    expect((await account.posthog.cohorts.list()).items[0]).toHaveProperty('filters')
  })

  it('can be hidden if they depend on behavior', async () => {
    const { cohorts: api } = account.posthog
    const behavior = { type: 'behavioral', key: '$pageview', value: 'performed_event', event_type: 'events' }
    const filters = (condition: object): never =>
      ({ properties: { type: 'OR', values: [{ type: 'AND', values: [condition] }] } }) as never
    const seed = await api.create({ name: 'Hidden seed', filters: filters(behavior) })
    const reference = { type: 'cohort', key: 'id', value: seed.id }
    await api.create({ name: 'Hidden by reference', filters: filters(reference) })
    const fixed = await api.create({
      name: 'Hidden not: static',
      is_static: true,
      filters: filters(behavior),
    })
    const { items } = await api.list({ hide_behavioral_cohorts: true, search: 'hidden' })
    expect(items.map(({ id }) => id)).toEqual([fixed.id])
  })

  it('can be updated, and record their calculations', async () => {
    const { id } = await account.posthog.request(`POST ${cohorts}`, {
      body: { name: 'One', filters: paying },
    })
    const changed = await account.posthog.request(`PATCH ${cohort}`, { path: { id }, body: { name: 'Two' } })
    expect(changed).toMatchObject({ name: 'Two', version: 2 })
    const history = await account.posthog.request(`GET ${cohort}calculation_history/`, { path: { id } })
    expect(history).toMatchObject({
      count: 2,
      results: [
        { cohort: id, count: changed.count, error: null },
        { cohort: id, count: changed.count },
      ],
    })
    const activity = await account.posthog.request(`GET ${cohort}activity/`, { path: { id } })
    expect(activity.results).toMatchObject([
      { activity: 'updated', detail: { changes: [{ field: 'name', before: 'One', after: 'Two' }] } },
      { activity: 'created' },
    ])
    const put = await account.call('PUT', `/api/projects/1/cohorts/${id}/`, { body: { name: 'Three' } })
    expect(put.body).toMatchObject({ name: 'Three', version: 3 })
    const all = await account.posthog.request(`GET ${cohorts}activity/`)
    expect(all.results[0]).toMatchObject({ item_id: String(id), activity: 'updated' })
  })

  it('that are static contain the persons added to them', async () => {
    const [one = '', two = '', three = ''] = await uuids(3)
    const created = await account.posthog.request(`POST ${cohorts}`, {
      body: { name: 'Chosen', is_static: true, _create_static_person_ids: [one] },
    })
    expect(created).toMatchObject({ count: 1, is_static: true, cohort_type: 'static' })
    const path = { id: created.id }
    expect(
      await account.posthog.request(`PATCH ${cohort}add_persons_to_static_cohort/`, {
        path,
        body: { person_ids: [one, two, three, crypto.randomUUID()] },
      }),
    ).toEqual({ success: true })
    await account.posthog.request(`PATCH ${cohort}remove_person_from_static_cohort/`, {
      path,
      body: { person_id: one },
    })
    const members = await account.posthog.request(`GET ${cohort}persons/`, { path })
    expect(members.results.map((member) => member.uuid).sort()).toEqual([two, three].sort())
    await expect(
      account.posthog.request(`PATCH ${cohort}remove_person_from_static_cohort/`, {
        path,
        body: { person_id: one },
      }),
    ).rejects.toMatchObject({ status: 404 })
  })

  it('are deleted and restored by a field', async () => {
    const { id } = await account.posthog.request(`POST ${cohorts}`, {
      body: { name: 'Gone', filters: paying },
    })
    const refused = await account.call('DELETE', `/api/projects/1/cohorts/${id}/`)
    expect([refused.status, refused.text]).toEqual([405, ''])
    const before = (await account.posthog.request(`GET ${cohorts}`)).count
    await account.posthog.request(`PATCH ${cohort}`, { path: { id }, body: { deleted: true } })
    expect((await account.posthog.request(`GET ${cohorts}`)).count).toBe(before - 1)
    await expect(account.posthog.request(`GET ${cohort}`, { path: { id } })).rejects.toMatchObject({
      status: 404,
    })
    await account.posthog.request(`PATCH ${cohort}`, { path: { id }, body: { deleted: false } })
    expect(await account.posthog.request(`GET ${cohort}`, { path: { id } })).toMatchObject({ deleted: false })
  })

  it('return persons only to keys with `person:read`', async () => {
    const { id } = await account.posthog.request(`POST ${cohorts}`, {
      body: { name: 'Own', is_static: true },
    })
    expect((await account.call('GET', `/api/projects/1/cohorts/${id}/`, { key: READER })).status).toBe(200)
    expect(
      await account.call('GET', `/api/projects/1/cohorts/${id}/persons/`, { key: READER }),
    ).toMatchObject({
      status: 403,
      body: { detail: "API key missing required scope 'person:read'" },
    })
  })
})
