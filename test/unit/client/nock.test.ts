import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { createClient, type TypehogClient } from '../../../src/client/create-client.ts'
import { version } from '../../../src/client/version.ts'
import { key } from '../fake-server.ts'
import { cloud, useNock } from '../nock.ts'

const client = (): TypehogClient =>
  createClient({ apiKey: key, projectId: 7, region: 'eu', retry: { initialDelay: 1, maxDelay: 1 } })

useNock()

describe('with the global fetch', () => {
  it('sends an endpoint run byte for byte', async () => {
    nock(cloud, {
      reqheaders: {
        authorization: `Bearer ${key}`,
        'user-agent': `typehog/${version}`,
        'content-type': 'application/json',
      },
    })
      .post('/api/projects/7/endpoints/top-pages/run/', {
        variables: { country: 'DE' },
        version: 2,
        limit: 5,
      })
      .reply(200, { results: [['/', 3]], columns: ['path', 'views'], endpoint_version: 2, hasMore: true })
    const endpoint = { name: 'top-pages', version: 2, kind: 'HogQLQuery', materialized: false, columns: [] }
    const result = await client().endpoints.run(endpoint, { country: 'DE' }, { limit: 5 })
    expect(result.rows).toEqual([{ path: '/', views: 3 }])
    expect(result.complete).toEqual({ reason: 'page', limit: 5 })
  })

  it('encodes names and values of a query', async () => {
    nock(cloud)
      .get('/api/projects/7/feature_flags/')
      .query({ search: 'a&b=c', tags: '["ü"]' })
      .reply(200, { results: [], count: 0 })
    const query = { search: 'a&b=c', tags: '["ü"]' }
    expect(await client().request('GET /api/projects/{project_id}/feature_flags/', { query })).toEqual({
      results: [],
      count: 0,
    })
  })

  it('retries a read after a lost connection, but not a creation', async () => {
    nock(cloud)
      .get('/api/projects/7/cohorts/')
      .replyWithError('socket hang up')
      .get('/api/projects/7/cohorts/')
      .reply(200, { results: [] })
      .post('/api/projects/7/cohorts/')
      .replyWithError('socket hang up')
    const posthog = client()
    await posthog.request('GET /api/projects/{project_id}/cohorts/')
    await expect(
      posthog.request('POST /api/projects/{project_id}/cohorts/', { body: { name: 'x' } }),
    ).rejects.toMatchObject({ name: 'ConnectionError' })
  })

  it('throws DecodeError for a login page', async () => {
    nock(cloud)
      .get('/api/projects/7/cohorts/')
      .reply(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' })
    await expect(client().request('GET /api/projects/{project_id}/cohorts/')).rejects.toMatchObject({
      name: 'DecodeError',
    })
  })
})
