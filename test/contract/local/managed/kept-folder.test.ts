import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startLocalPostHog } from '../../../../src/testing.ts'
import { callerOf } from '../caller.ts'

describe('a kept folder', () => {
  it('brings everything back', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'typehog-managed-'))
    try {
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
    } finally {
      await rm(dataFolder, { recursive: true, force: true })
    }
  })
})
