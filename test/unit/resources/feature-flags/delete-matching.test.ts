import { describe, expect, it } from 'vitest'
import { fakeServer, json } from '../../fake-server.ts'

const page = { count: 1, next: null, previous: null, results: [{ id: 1, key: 'old' }] }

describe('featureFlags.deleteMatching', () => {
  it('deletes by filters in one request', async () => {
    const deleted = [{ id: 1, key: 'old', rollout_state: 'partial', active_variant: null }]
    const errors = [{ id: 2, key: 'used', reason: 'Other flags depend on it' }]
    const server = fakeServer(() => json({ deleted, errors }))
    const report = await server.client().featureFlags.deleteMatching({ active: 'STALE' })
    expect(report).toEqual({ matched: ['old', 'used'], deleted, failed: errors })
    expect(server.lines()).toEqual(['POST /feature_flags/bulk_delete/'])
    expect(server.requests[0]?.body).toEqual({ filters: { active: 'STALE' } })
  })

  it('lists the matching flags in a dry run', async () => {
    const server = fakeServer(() => json(page))
    const filters = { tags: ['a', 'b'], archived: true }
    const report = await server.client().featureFlags.deleteMatching(filters, { dryRun: true })
    expect(report).toEqual({ matched: ['old'], deleted: [], failed: [] })
    const [request] = server.requests
    expect(request?.method).toBe('GET')
    const { searchParams } = new URL(request?.url ?? '')
    expect([searchParams.get('tags'), searchParams.get('archived')]).toEqual(['["a","b"]', 'true'])
  })

  it.each([
    [{}, 'at least one'],
    [{ active: undefined }, 'at least one'],
    [{ stale: true }, '`stale`'],
    [null, '`filters`'],
  ])('rejects %j before sending', async (filters, message) => {
    const server = fakeServer(() => json({}))
    const deletion = server.client().featureFlags.deleteMatching(filters as never)
    await expect(deletion).rejects.toThrow(message)
    expect(server.requests).toEqual([])
  })
})
