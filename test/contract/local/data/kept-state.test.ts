import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startData, TOKEN } from './account.ts'

let dataFolder: string

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'typehog-kept-'))
})
afterAll(() => rm(dataFolder, { recursive: true, force: true }))

it('keeps in a folder what was created, and gives no number twice', async () => {
  const properties = { createdAt: '2026-01-01', nested: { updatedAt: 'soon' } }
  {
    await using first = await startData({ events: 40, dataFolder, projects: [2] })
    await first.call('POST', '/api/projects/1/feature_flags/', { body: { key: 'kept' } })
    await first.call('POST', '/api/projects/2/feature_flags/', { body: { key: 'kept-too' } })
    await first.call('POST', '/api/projects/1/cohorts/', { body: { name: 'Kept', is_static: true } })
    await first.call('POST', '/api/projects/1/groups/', {
      body: { group_type_index: 0, group_key: 'kept', group_properties: properties },
    })
    await first.send('/capture/', { api_key: TOKEN, event: 'kept', distinct_id: 'kept' })
  }
  await using second = await startData({ events: 40, dataFolder, projects: [2] })
  const read = async (path: string): Promise<unknown> => (await second.call('GET', path)).body
  expect(await read('/api/projects/1/feature_flags/1/')).toMatchObject({ key: 'kept', version: 1 })
  expect(await read('/api/projects/2/feature_flags/')).toMatchObject({ results: [{ key: 'kept-too' }] })
  expect(await read('/api/projects/1/cohorts/')).toMatchObject({ results: [{ name: 'Kept' }] })
  expect(await read('/api/projects/1/groups/find/?group_type_index=0&group_key=kept')).toMatchObject({
    group_properties: properties,
  })
  expect(await read('/api/projects/1/feature_flags/1/activity/')).toMatchObject({ total_count: 1 })
  expect(await read('/api/projects/1/persons/?distinct_id=kept')).toMatchObject({
    results: [{ distinct_ids: ['kept'] }],
  })
  const next = await second.call('POST', '/api/projects/1/feature_flags/', { body: { key: 'next' } })
  expect(next.body).toMatchObject({ id: 3 })
})
