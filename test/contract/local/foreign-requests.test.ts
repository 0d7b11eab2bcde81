import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../../src/testing.ts'

let local: LocalPostHog
let url: string
beforeAll(async () => {
  local = await startLocalPostHog({ events: 0 })
  ;({ url } = await local.listen({ allowedHosts: ['posthog'] }))
})
afterAll(() => local.close())

interface Sent {
  readonly status: number | undefined
  readonly body: string
}

const send = (headers: Record<string, string>, at = url): Promise<Sent> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(at)
    const path = `/api/projects/1/?personal_api_key=${local.personalApiKey}`
    const call = request({ hostname: hostname.replace(/[[\]]/g, ''), port, path, headers }, (reply) => {
      let body = ''
      reply.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      reply.on('end', () => resolve({ status: reply.statusCode, body }))
    })
    call.on('error', reject)
    call.end()
  })

describe('a listening local PostHog', () => {
  it.each([
    ['evil.example'],
    ['evil.example:80'],
    ['127.0.0.1.evil.example'],
    ['localhost.evil.example'],
    ['192.168.1.1'],
    ['[2001:db8::1]:80'],
  ])('rejects the host %s with a 403 that says why', async (host) => {
    const { status, body } = await send({ host })
    expect(status).toBe(403)
    expect(JSON.parse(body)).toMatchObject({
      code: 'permission_denied',
      detail: expect.stringContaining('rejects requests for the host'),
    })
  })

  it.each([
    ['https://evil.example'],
    ['null'],
    ['http://localhost.evil.example'],
    ['file://'],
    ['https://10.0.0.1'],
  ])('rejects the origin %s in a request without a preflight', async (origin) => {
    const { status, body } = await send({ origin, 'content-type': 'text/plain' })
    expect(status).toBe(403)
    expect(JSON.parse(body).detail).toContain(`rejects requests from web pages of ${origin}`)
  })

  it('rejects a cross-site request of a browser without an origin', async () => {
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await send({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  it.each([
    [{ host: 'localhost' }],
    [{ host: 'localhost:3000' }],
    [{ host: '127.0.0.1:1' }],
    [{ host: '127.8.9.10' }],
    [{ host: '[::1]:80' }],
    [{ host: 'app.localhost' }],
    [{ host: 'posthog:8010' }],
    [{ host: 'POSTHOG' }],
    [{ origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' }],
    [{ origin: 'http://posthog:3000' }],
    [{ origin: 'http://[::1]:3000' }],
  ])('accepts %o', async (headers) => {
    expect((await send(headers)).status).toBe(200)
  })

  it('accepts the host that it listens on', async () => {
    const { url: own, close } = await local.listen({ host: 'localhost' })
    expect((await send({ host: 'localhost' }, own)).status).toBe(200)
    expect((await send({ host: 'evil.example' }, own)).status).toBe(403)
    await close()
  })

  it('does not record rejected requests', async () => {
    const before = local.requests.length
    await send({ host: 'evil.example' })
    expect(local.requests).toHaveLength(before)
  })

  it('does not check hosts and origins in `handle`', async () => {
    const headers = { Authorization: `Bearer ${local.personalApiKey}`, Origin: 'https://us.posthog.com' }
    const response = await local.handle(new Request('https://us.posthog.com/api/projects/1/', { headers }))
    expect(response.status).toBe(200)
  })
})

describe('the keys of a local PostHog', () => {
  it('differ between instances', async () => {
    await using other = await startLocalPostHog({ events: 0, projectId: 2 })
    expect(local.personalApiKey).toMatch(/^phx_[0-9a-f]{48}$/)
    expect(local.projectSecretKey).toMatch(/^phs_[0-9a-f]{48}$/)
    expect(other.personalApiKey).not.toBe(local.personalApiKey)
    expect(other.projectSecretKey).not.toBe(local.projectSecretKey)
  })

  it('can be set by options', async () => {
    await using fixed = await startLocalPostHog({
      events: 0,
      projectId: 3,
      personalApiKey: 'phx_fixed',
      projectSecretKey: 'phs_fixed',
    })
    expect([fixed.personalApiKey, fixed.projectSecretKey]).toEqual(['phx_fixed', 'phs_fixed'])
    const headers = { Authorization: 'Bearer phx_fixed' }
    expect((await fixed.handle(new Request('http://x/api/projects/3/', { headers }))).status).toBe(200)
  })

  it.each([['phc_token'], ['phx_'], ['phx_a b'], ['']])('cannot be %j', async (personalApiKey) => {
    await expect(startLocalPostHog({ events: 0, personalApiKey })).rejects.toThrow('starts with phx_')
  })
})
