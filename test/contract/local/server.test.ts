import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'
import { callerOf, hogql } from './harness.ts'

const headersOf = (posthog: LocalPostHog): Record<string, string> => ({
  Authorization: `Bearer ${posthog.personalApiKey}`,
})

describe('over HTTP', () => {
  it('creates and runs an endpoint, with links to the requested host', async () => {
    await using posthog = await startLocalPostHog({ events: 50 })
    const { url } = await posthog.listen()
    const headers = headersOf(posthog)
    for (const name of ['a', 'b']) {
      const body = JSON.stringify({ name, query: hogql('select count() as n from events') })
      const made = await fetch(`${url}/api/projects/1/endpoints/`, { method: 'POST', headers, body })
      expect([made.status, made.headers.get('content-type')]).toEqual([201, 'application/json'])
      await made.body?.cancel()
    }
    const list = await fetch(`${url}/api/environments/1/endpoints?limit=1`, { headers })
    expect(list.headers.get('deprecation')).toBe('true')
    expect(await list.json()).toMatchObject({
      count: 2,
      next: `${url}/api/projects/1/endpoints?limit=1&offset=1`,
      previous: null,
      results: [{ name: 'b', url: `${url}/api/projects/1/endpoints/b/run` }],
    })
    const run = await fetch(`${url}/api/projects/1/endpoints/a/run`, { method: 'POST', headers })
    expect(await run.json()).toMatchObject({ results: [[50]] })
  })

  it('rejects a body over 20 MiB', async () => {
    await using posthog = await startLocalPostHog({ events: 0 })
    const { url } = await posthog.listen()
    const status = await new Promise((resolve, reject) => {
      const call = request(
        `${url}/api/projects/1/query/`,
        { method: 'POST', headers: headersOf(posthog) },
        (reply) => {
          reply.resume()
          resolve(reply.statusCode)
        },
      )
      call.on('error', reject)
      call.end(Buffer.alloc(20 * 1024 * 1024 + 1, 32))
    })
    expect(status).toBe(413)
  })

  it('rejects connections after one or two calls of close', async () => {
    const posthog = await startLocalPostHog({ events: 0 })
    const { url, close } = await posthog.listen()
    const response = await fetch(`${url}/api/projects/1/`, { headers: headersOf(posthog) })
    expect(response.status).toBe(200)
    await response.arrayBuffer()
    await close()
    await close()
    await expect(fetch(url)).rejects.toThrow()
    await posthog.close()
    await posthog.close()
  })
})

describe('instances', () => {
  it('in one process are isolated', async () => {
    await using first = await startLocalPostHog({ events: 10 })
    await using second = await startLocalPostHog({ events: 30, projectId: 2, seed: 2 })
    const count = (posthog: LocalPostHog): Promise<unknown> =>
      callerOf(posthog)('POST', `/api/projects/${posthog.projectId}/query/`, {
        body: { query: hogql('select count() from events') },
      }).then(({ body }) => body['results'])
    expect([await count(first), await count(second)]).toEqual([[[10]], [[30]]])
    await first.close()
    expect(await count(second)).toEqual([[30]])
    expect((await callerOf(second)('GET', '/api/projects/1/')).status).toBe(404)
  })

  it('keep tables, endpoints and variables in the data folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'typehog-test-'))
    const run = '/api/projects/1/endpoints/kept/run'
    const first = await startLocalPostHog({ events: 25, dataFolder: folder })
    const call = callerOf(first)
    await call('POST', '/api/projects/1/insight_variables/', {
      body: { name: 'E', type: 'String', default_value: 'none' },
    })
    const query = hogql('select count() as n from events where event != {variables.e}')
    await call('POST', '/api/projects/1/endpoints/', { body: { name: 'kept', query } })
    const before = await call('GET', run)
    await expect(startLocalPostHog({ dataFolder: folder })).rejects.toThrow(/already open/)
    await expect(startLocalPostHog()).rejects.toThrow(/one folder per process/)
    await first.close()

    const second = await startLocalPostHog({ events: 99, dataFolder: folder })
    const after = await callerOf(second)('GET', run)
    expect(after).toMatchObject({ status: 200, body: { results: [[25]] } })
    expect(after.body['endpoint_version_created_at']).toBe(before.body['endpoint_version_created_at'])
    await second.close()
    expect(await readdir(folder)).toContain('typehog-project-1.json')
    await rm(folder, { recursive: true })
  })

  it('leave nothing that keeps the process alive', async () => {
    const program = `
      import { startLocalPostHog } from ${JSON.stringify(new URL('../../../src/local/local-posthog.ts', import.meta.url).href)}
      const posthog = await startLocalPostHog({ events: 10 })
      const { url } = await posthog.listen()
      const response = await fetch(url + '/api/projects/1/', { headers: { Authorization: 'Bearer ' + posthog.personalApiKey } })
      await response.arrayBuffer()
      await posthog.close()
      console.log('closed', response.status)`
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program],
      { timeout: 30_000 },
    )
    expect(stdout.trim()).toBe('closed 200')
  })
})

describe('unusual requests', () => {
  const send = (url: string, path: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url)
      const call = request({ hostname, port, path, headers }, (reply) => {
        reply.resume()
        reply.on('end', () => resolve(reply.statusCode))
      })
      call.on('error', reject)
      call.end()
    })

  it('cannot change the host, and are rejected with an invalid host', async () => {
    await using posthog = await startLocalPostHog({ events: 0 })
    const { url } = await posthog.listen()
    expect(await send(url, '//evil.example/api/projects/1/', headersOf(posthog))).toBe(200)
    expect(await send(url, '/api/projects/1/', { ...headersOf(posthog), Host: 'a b' })).toBe(400)
  })

  it('complete while the server closes, then their connection ends', async () => {
    let arrived = (): void => {}
    let finish = (): void => {}
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const posthog = await startLocalPostHog({
      engine: {
        database: 'db',
        available: false,
        query: () => {
          arrived()
          return new Promise((resolve) => {
            finish = () => resolve({ columns: [{ name: 'x', type: 'UInt8' }], rows: [[1]] })
          })
        },
        command: async () => {},
        insert: async () => {},
        close: async () => {},
      },
    })
    const { url, close } = await posthog.listen()
    const body = JSON.stringify({ query: hogql('select 1 as x') })
    const running = fetch(`${url}/api/projects/1/query/`, {
      method: 'POST',
      headers: headersOf(posthog),
      body,
    })
    await arrival
    const closed = close()
    finish()
    const response = await running
    expect(response.headers.get('connection')).toBe('close')
    expect(await response.json()).toMatchObject({ results: [[1]] })
    await closed
    await posthog.close()
  })
})
