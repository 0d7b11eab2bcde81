import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPlatform } from '../../../../src/runtime/platform.ts'
import { failure, key, sender } from '../harness.ts'

const cloud = 'https://eu.posthog.com'
const client = (): ReturnType<typeof sender> =>
  sender(createPlatform({ env: {} }), { host: 'eu.i.posthog.com', retry: { initialDelay: 1, maxDelay: 1 } })

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  nock.restore()
  nock.activate()
  expect(pending).toEqual([])
})

describe('as PostHog Cloud sees it', () => {
  it('the ingestion host became the app host, and the key came along', async () => {
    nock(cloud, { reqheaders: { authorization: `Bearer ${key}`, 'user-agent': 'typehog/1.2.3' } })
      .post('/api/things/', { a: 1 })
      .reply(200, { ok: true })
    const headers = { 'content-type': 'application/json' }
    const response = await client()({ method: 'POST', content: '{"a":1}', headers })
    expect(await response.json()).toEqual({ ok: true })
  })

  it('a read comes again after a lost connection, a write does not', async () => {
    nock(cloud).get('/api/things/').replyWithError('socket hang up').get('/api/things/').reply(200, {})
    expect((await client()()).status).toBe(200)
    nock(cloud).delete('/api/things/').replyWithError('socket hang up')
    expect((await failure(client()({ method: 'DELETE' }))).name).toBe('ConnectionError')
  })

  it('a throttled write comes again', async () => {
    const throttled = { type: 'throttled_error', code: 'throttled', detail: 'x', attr: null }
    nock(cloud)
      .patch('/api/things/')
      .reply(429, throttled, { 'retry-after': '0' })
      .patch('/api/things/')
      .reply(200, {})
    expect((await client()({ method: 'PATCH', content: '{}' })).status).toBe(200)
  })
})
