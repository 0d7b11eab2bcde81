import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalPostHog } from '../../../src/testing.ts'
import { callerOf, startAccount, TOKEN } from './harness.ts'

let dataFolder: string

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'typehog-data-'))
})
afterEach(() => rm(dataFolder, { recursive: true, force: true }))

describe('a data folder', () => {
  it('restores flags, cohorts, groups, activity and events, and never reuses an ID', async () => {
    const properties = { createdAt: '2026-01-01', nested: { updatedAt: 'soon' } }
    {
      await using first = await startAccount({ events: 40, dataFolder, projects: [2] })
      await first.call('POST', '/api/projects/1/feature_flags/', { body: { key: 'kept' } })
      await first.call('POST', '/api/projects/2/feature_flags/', { body: { key: 'kept-too' } })
      await first.call('POST', '/api/projects/1/cohorts/', { body: { name: 'Kept', is_static: true } })
      await first.call('POST', '/api/projects/1/groups/', {
        body: { group_type_index: 0, group_key: 'kept', group_properties: properties },
      })
      await first.send('/capture/', { api_key: TOKEN, event: 'kept', distinct_id: 'kept' })
    }
    await using second = await startAccount({ events: 40, dataFolder, projects: [2] })
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

  it('restores JSON with date fields unchanged', async () => {
    const notebook = { title: 'Kept', content: { createdAt: '2026-01-01', n: 1 } }
    {
      await using first = await startLocalPostHog({ events: 20, dataFolder })
      const send = callerOf(first)
      await send('POST', '/api/projects/1/notebooks/', { body: notebook })
      await send('POST', '/api/projects/1/actions/', { body: { name: 'One' } })
    }
    await using second = await startLocalPostHog({ events: 20, dataFolder })
    const send = callerOf(second)
    const { body } = await send('GET', '/api/projects/1/notebooks/')
    const [kept] = body['results'] as [{ short_id: string }]
    expect((await send('GET', `/api/projects/1/notebooks/${kept.short_id}/`)).body).toMatchObject(notebook)
    expect((await send('POST', '/api/projects/1/actions/', { body: { name: 'Two' } })).body['id']).toBe(2)
  })

  it.each([
    ['broken JSON', '{"format": 2, '],
    ['an array', '[]'],
    ['the format of an older version', '{"endpoints": [], "variables": []}'],
    ['the format of a newer version', '{"format": 3, "collections": {}, "lastIds": {}}'],
  ])('rejects a state file with %s and names the fix', async (_, text) => {
    const file = join(dataFolder, 'typehog-project-1.json')
    await writeFile(file, text)
    await expect(startLocalPostHog({ events: 0, dataFolder })).rejects.toThrow(
      `Cannot read the local PostHog's state file ${file}. Expected JSON that this version of Typehog wrote ` +
        '(format 2). Delete the folder or use another one.',
    )
  })
})
