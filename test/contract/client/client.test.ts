import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type TypehogClient } from '../../../src/client/create-client.ts'
import { getEndpoint, listEndpoints, runEndpoint } from '../../../src/generated/api.gen.ts'
import type { Endpoint } from '../../../src/shared/endpoint.ts'
import { type LocalAccount, revenue, signups, startAccount } from './local.ts'

let account: LocalAccount
let posthog: TypehogClient
beforeAll(async () => {
  account = await startAccount()
  posthog = account.client()
})
afterAll(() => account[Symbol.asyncDispose]())

describe('endpoints.run', () => {
  it('returns rows as objects from the pinned version of an inline endpoint', async () => {
    const result = await posthog.endpoints.run(signups, { country: 'DE' })
    expect(result).toMatchObject({
      rows: [{ country: 'DE', signups: expect.any(Number) }],
      columns: ['country', 'signups'],
      complete: true,
      version: 2,
      materialized: false,
    })
    expect(result.types[0]).toMatch(/String/)
    expect(result.executionId).toEqual(expect.any(String))
  })

  it('uses the default of an omitted variable', async () => {
    const { rows } = await posthog.endpoints.run(signups)
    expect(rows.map(({ country }) => country)).toEqual(['US'])
  })

  it('reports that a table served a materialized endpoint, and when it was filled', async () => {
    const result = await posthog.endpoints.run(revenue, { min_amount: 20 })
    expect(result.materialized).toBe(true)
    expect(result.materializedAt).toEqual(expect.any(String))
    expect(result.rows.length).toBeGreaterThan(0)
    for (const row of result.rows) expect(Object.keys(row)).toEqual(['plan', 'revenue'])
  })

  it('reports more rows after a limit, and continues at an offset', async () => {
    const all = await posthog.endpoints.run(revenue, { min_amount: 0 })
    const first = await posthog.endpoints.run(revenue, { min_amount: 0 }, { limit: 1 })
    expect(first.rows).toHaveLength(1)
    expect(first.complete).toEqual({ reason: 'page', limit: 1 })
    const last = await posthog.endpoints.run(
      revenue,
      { min_amount: 0 },
      { limit: 1, offset: all.rows.length - 1 },
    )
    expect([last.rows.length, last.hasMore, last.complete]).toEqual([1, false, true])
  })

  it('runs another version on request', async () => {
    const { version, rows } = await posthog.endpoints.run(signups, { country: 'DE' }, { version: 1 })
    expect(version).toBe(1)
    expect(rows[0]?.signups).toBe(1)
  })

  it('rejects an unknown variable with a fix', async () => {
    const variables: Record<string, unknown> = { country: 'DE', planet: 'Mars' }
    const run = posthog.endpoints.run(signups as Endpoint, variables)
    await expect(run).rejects.toMatchObject({
      name: 'BadRequestError',
      status: 400,
      attr: 'variables',
      detail: expect.stringContaining('planet'),
      fix: expect.stringContaining('typehog endpoints pull'),
    })
  })

  it('names every missing variable of a materialized endpoint', async () => {
    const run = posthog.endpoints.run(revenue as Endpoint, {})
    await expect(run).rejects.toMatchObject({
      name: 'MissingVariablesError',
      missing: ['min_amount'],
      fix: expect.stringContaining('Send every variable'),
    })
  })

  it('names the current version when the pinned version does not exist', async () => {
    await expect(posthog.endpoints.run({ ...signups, version: 99 })).rejects.toMatchObject({
      name: 'NotFoundError',
      status: 404,
      currentVersion: 2,
      fix: 'The current version is 2: run `typehog endpoints pull`.',
    })
  })

  it('rejects an unknown endpoint', async () => {
    await expect(posthog.endpoints.run({ ...signups, name: 'nothing' })).rejects.toMatchObject({
      name: 'NotFoundError',
      currentVersion: undefined,
      routeUnknown: false,
    })
  })
})

describe('keys', () => {
  it('of a project run endpoints but cannot read their OpenAPI documents', async () => {
    const secret = account.client({ apiKey: account.posthog.projectSecretKey })
    expect((await secret.endpoints.run(signups, { country: 'DE' })).version).toBe(2)
    await expect(secret.endpoints.openapi(signups.name)).rejects.toMatchObject({
      name: 'PermissionError',
      status: 403,
      fix: expect.stringMatching(/personal key \(phx_\)/),
    })
  })

  it('that are unknown are rejected and not shown', async () => {
    const key = 'phx_Wrong0000000000000000000000000'
    const failure: Error = await account
      .client({ apiKey: key })
      .endpoints.run(signups)
      .then(
        () => new Error('nothing was thrown'),
        (error) => error,
      )
    expect(failure).toMatchObject({ name: 'AuthenticationError', status: 401, fix: expect.any(String) })
    expect(JSON.stringify(failure) + failure.message + failure.stack).not.toContain('Wrong0000')
  })

  it('cannot access another project', async () => {
    await expect(account.client({ projectId: 2 }).endpoints.get(signups.name)).rejects.toMatchObject({
      status: expect.toSatisfy((status) => status === 403 || status === 404),
    })
  })
})

describe('aborting', () => {
  let silent: Server
  let reached: Promise<void>
  let host = ''
  beforeAll(async () => {
    // Starts a response to each request and never ends it.
    reached = new Promise((resolve) => {
      silent = createServer((_, reply) => {
        reply.writeHead(200, { 'content-type': 'application/json' })
        reply.write('{"results":[')
        resolve()
      })
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    // A TCP server that listens has an address of this form.
    host = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    silent.closeAllConnections()
    await new Promise((resolve) => silent.close(resolve))
  })

  it('throws the reason unchanged while a response arrives', async () => {
    const abort = new AbortController()
    const reason = { because: 'the user left' }
    const client = createClient({ apiKey: account.posthog.personalApiKey, host, projectId: 1 })
    const run = client.endpoints.run(signups, {}, { signal: abort.signal })
    await reached
    abort.abort(reason)
    await expect(run).rejects.toBe(reason)
  })

  it('throws the reason unchanged before sending anything', async () => {
    const reason = new Error('too late')
    const run = posthog.endpoints.run(signups, {}, { signal: AbortSignal.abort(reason) })
    await expect(run).rejects.toBe(reason)
  })
})

describe('reading endpoints', () => {
  it('lists all endpoints in pages of one', async () => {
    const names: string[] = []
    for await (const { name } of posthog.endpoints.list({ pageSize: 1 })) names.push(name)
    expect(names.sort()).toEqual(['revenue', 'signups'])
  })

  it('filters the list by `isActive`', async () => {
    const names: string[] = []
    for await (const { name } of posthog.endpoints.list({ isActive: false })) names.push(name)
    expect(names).toEqual([])
  })

  it('returns an endpoint, one of its versions and its OpenAPI document', async () => {
    expect(await posthog.endpoints.get(signups.name)).toMatchObject({ name: 'signups', current_version: 2 })
    const first = await posthog.endpoints.get(signups.name, { version: 1 })
    expect(JSON.stringify(first)).toContain('1 as signups')
    expect(await posthog.endpoints.openapi(signups.name)).toMatchObject({
      openapi: expect.stringMatching(/^3\./),
    })
  })
})

describe('request', () => {
  const route = 'GET /api/projects/{project_id}/endpoints/{name}/'

  it('returns data, response and attempts from withResponse', async () => {
    const call = posthog.request(route, { path: { name: 'signups' } })
    const { data, response, attempts } = await call.withResponse()
    expect(data.name).toBe('signups')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ name: 'signups' })
    expect(attempts).toHaveLength(1)
    expect(await call).toBe(data)
  })

  it('returns the undecoded response from asResponse', async () => {
    const response = await posthog.request(route, { path: { name: 'signups' } }).asResponse()
    expect(response.headers.get('content-type')).toContain('json')
    expect(JSON.parse(await response.text())).toMatchObject({ name: 'signups' })
  })

  it('rejects with the operation of the failed call', async () => {
    const call = posthog.request(route, { path: { name: 'nothing' } })
    await expect(call).rejects.toMatchObject({ name: 'NotFoundError', operation: route })
  })
})

describe('functions of typehog/api', () => {
  it('run through the client', async () => {
    const { api } = posthog
    expect(await getEndpoint({ client: api, path: { name: 'signups' } })).toMatchObject({ name: 'signups' })
    const page = await listEndpoints({ client: api, query: { limit: 1 } })
    expect(page.results).toHaveLength(1)
    const response = await runEndpoint({
      client: api,
      path: { name: 'signups' },
      body: { variables: { country: 'DE' } },
    })
    expect(response).toMatchObject({ columns: ['country', 'signups'] })
  })

  it('reject with the same errors', async () => {
    const call = getEndpoint({ client: posthog.api, path: { name: 'nothing' } })
    await expect(call).rejects.toMatchObject({ name: 'NotFoundError', status: 404 })
  })
})
