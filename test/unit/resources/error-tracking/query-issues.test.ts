import { describe, expect, it } from 'vitest'
import { fakeServer, json } from '../../fake-server.ts'

const server = (): ReturnType<typeof fakeServer> =>
  fakeServer(({ body }) => {
    const { limit = 2, offset = 0 } = body as { limit?: number; offset?: number }
    const ids = [1, 2, 3].slice(offset, offset + limit)
    return json({
      results: ids.map((id) => ({ id: `issue-${id}` })),
      hasMore: offset + limit < 3,
      limit,
      offset,
    })
  })

describe('errorTracking.issues.query', () => {
  it('pages by the offset in the body, and keeps the filters', async () => {
    const fake = server()
    const found = await fake
      .client()
      .errorTracking.issues.query({ status: 'all', limit: 2 })
      .toArray({ max: 10 })
    expect(found.map(({ id }) => id)).toEqual(['issue-1', 'issue-2', 'issue-3'])
    expect(fake.requests.map(({ body }) => body)).toEqual([
      { status: 'all', limit: 2 },
      { status: 'all', limit: 2, offset: 2 },
    ])
  })

  it('rejects wrong arguments without a request', async () => {
    const fake = server()
    const { issues } = fake.client().errorTracking
    await expect(issues.query('x' as never)).rejects.toThrow('`filters`')
    await expect(issues.query({}, { pageSize: 5 } as never)).rejects.toThrow('`pageSize`')
    await expect(issues.detail(undefined as never)).rejects.toThrow('`id`')
    await expect(issues.events(undefined as never)).rejects.toThrow('`id`')
    expect(fake.requests).toEqual([])
  })
})

describe('errorTracking.issues.events', () => {
  it('reads pages of 20 unless `limit` says otherwise', async () => {
    const fake = server()
    await fake.client().errorTracking.issues.events('issue-1', { orderDirection: 'ASC' })
    await fake.client().errorTracking.issues.events('issue-1', { limit: 3 })
    expect(fake.requests.map(({ body }) => body)).toEqual([
      { orderDirection: 'ASC', limit: 20, issueId: 'issue-1' },
      { limit: 3, issueId: 'issue-1' },
    ])
  })
})
