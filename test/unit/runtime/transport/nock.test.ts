import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { createPlatform } from '../../../../src/runtime/platform.ts'
import { key } from '../../fake-server.ts'
import { cloud, useNock } from '../../nock.ts'
import { failure, sender } from '../harness.ts'

const client = (): ReturnType<typeof sender> =>
  sender(createPlatform({ env: {} }), { host: 'eu.i.posthog.com', retry: { initialDelay: 1, maxDelay: 1 } })

useNock()

describe('on PostHog Cloud', () => {
  it('sends the key to the app host in place of the ingestion host', async () => {
    nock(cloud, { reqheaders: { authorization: `Bearer ${key}`, 'user-agent': 'typehog/1.2.3' } })
      .post('/api/things/', { a: 1 })
      .reply(200, { ok: true })
    const headers = { 'content-type': 'application/json' }
    const response = await client()({ method: 'POST', content: '{"a":1}', headers })
    expect(await response.json()).toEqual({ ok: true })
  })

  it('retries a read after a lost connection, but not a write', async () => {
    nock(cloud).get('/api/things/').replyWithError('socket hang up').get('/api/things/').reply(200, {})
    expect((await client()()).status).toBe(200)
    nock(cloud).delete('/api/things/').replyWithError('socket hang up')
    expect((await failure(client()({ method: 'DELETE' }))).name).toBe('ConnectionError')
  })

  it('retries a throttled write', async () => {
    const throttled = { type: 'throttled_error', code: 'throttled', detail: 'x', attr: null }
    nock(cloud)
      .patch('/api/things/')
      .reply(429, throttled, { 'retry-after': '0' })
      .patch('/api/things/')
      .reply(200, {})
    expect((await client()({ method: 'PATCH', content: '{}' })).status).toBe(200)
  })
})
