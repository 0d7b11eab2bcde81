import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SqlEngine } from '../../../src/testing.ts'
import { faults } from '../../../src/testing.ts'
import { type Account, NOW, ORGANIZATION, startAccount, TOKEN } from './harness.ts'

const count = async ({ rows }: Account, table: string): Promise<unknown> =>
  rows(`select count() from ${table}`)

const endpoint = {
  name: 'n',
  query: { kind: 'HogQLQuery', query: 'select count() as n from events' },
} as const

const counting = { name: 'n', kind: 'HogQLQuery', materialized: false, columns: [] }

describe('reset', () => {
  it('restores the sample data and forgets everything else', async () => {
    await using account = await startAccount({
      events: 300,
      throttle: { perMinute: 50, perHour: 50 },
      faults: [faults.badGateway({ path: '/cohorts/' })],
    })
    const { local, posthog, call, send } = account
    const persons = await count(account, 'persons')
    await send('/capture/', { api_key: TOKEN, event: 'extra', distinct_id: 'new' })
    const [[known] = []] = (await account.rows('select distinct_id from events limit 1')) as string[][]
    await send('/capture/', {
      api_key: TOKEN,
      event: 'extra',
      distinct_id: known,
      properties: { $set: { email: 'other@example.com' } },
    })
    await posthog.annotations.create({ content: 'mine' })
    await posthog.endpoints.create({ ...endpoint, is_materialized: true })
    await posthog.endpoints.run(counting)
    await expect(posthog.cohorts.list()).rejects.toMatchObject({ status: 502 })
    local.clock.advance('1 day')
    for (let index = 0; index < 20; index += 1) await call('GET', '/api/projects/1/')

    await local.reset()

    expect(local.requests).toEqual([])
    expect(local.clock.now().toISOString()).toBe(NOW)
    expect([await count(account, 'events'), await count(account, 'persons')]).toEqual([[[300]], persons])
    expect(
      await account.rows("select count() from persons where properties.email = 'other@example.com'"),
    ).toEqual([[0]])
    expect((await posthog.annotations.list()).items).toEqual([])
    await expect(posthog.endpoints.get('n')).rejects.toMatchObject({ status: 404 })
    await expect(posthog.cohorts.list()).rejects.toMatchObject({ status: 502 })
    const made = await posthog.endpoints.create(endpoint)
    expect((await posthog.endpoints.run(counting)).rows).toEqual([{ n: 300 }])
    expect((await posthog.endpoints.logs('n')).items).toHaveLength(1)
    expect(made.current_version).toBe(1)
    for (let index = 0; index < 35; index += 1) {
      expect((await call('GET', '/api/projects/1/')).status).toBe(200)
    }
  })

  it('empties the projects that the API created, and frees their ids', async () => {
    await using account = await startAccount({ events: 100 })
    const create = async (): Promise<{ id: number; api_token: string }> => {
      const made = await account.call('POST', `/api/organizations/${ORGANIZATION}/projects/`, {
        body: { name: 'Other' },
      })
      return made.body as unknown as { id: number; api_token: string }
    }
    const before = await create()
    await account.send('/capture/', { api_key: before.api_token, event: 'x', distinct_id: 'y' })
    await account.local.reset()
    expect((await account.call('GET', `/api/projects/${before.id}/`)).status).toBe(404)
    const after = await create()
    expect(after.id).toBe(before.id)
    const { body } = await account.call('POST', `/api/projects/${after.id}/query/`, {
      body: { query: { kind: 'HogQLQuery', query: 'select count() from events' } },
    })
    expect(body['results']).toEqual([[0]])
  })

  it('fills a data folder with the sample data again', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'typehog-reset-'))
    try {
      {
        await using account = await startAccount({ events: 100, dataFolder })
        await account.send('/capture/', { api_key: TOKEN, event: 'extra', distinct_id: 'new' })
        await account.posthog.annotations.create({ content: 'mine' })
        await account.local.reset()
        expect(await count(account, 'events')).toEqual([[100]])
      }
      await using again = await startAccount({ events: 100, dataFolder })
      expect(await count(again, 'events')).toEqual([[100]])
      expect((await again.posthog.annotations.list()).items).toEqual([])
    } finally {
      await rm(dataFolder, { recursive: true, force: true })
    }
  })
})

describe('seed: false', () => {
  it('starts without events, persons, groups and sample records', async () => {
    await using account = await startAccount({ seed: false })
    expect([await count(account, 'events'), await count(account, 'persons')]).toEqual([[[0]], [[0]]])
    for (const path of ['warehouse_tables', 'error_tracking/issues', 'external_data_sources']) {
      expect((await account.call('GET', `/api/projects/1/${path}/`)).body).toMatchObject({ count: 0 })
    }
    expect((await account.call('GET', '/api/projects/1/groups_types/')).text).toBe('[]')
    await account.send('/capture/', { api_key: TOKEN, event: 'first', distinct_id: 'ada' })
    expect(await count(account, 'events')).toEqual([[1]])
    await account.local.reset()
    expect(await count(account, 'events')).toEqual([[0]])
  })
})

describe('an engine that serves one database', () => {
  it('says so for another project', async () => {
    const engine: SqlEngine = {
      database: 'db',
      available: true,
      query: async () => ({ columns: [{ name: 'n', type: 'UInt8' }], rows: [[1]] }),
      command: async () => {},
      insert: async () => {},
      close: async () => {},
    }
    await using account = await startAccount({ engine, projects: [2] })
    const answer = await account.call('POST', '/api/projects/2/query/', {
      body: { query: { kind: 'HogQLQuery', query: 'select 1' } },
    })
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('`engine` option') },
    })
  })
})
