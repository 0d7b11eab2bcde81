import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../src/client/create-client.ts'
import { version } from '../../../src/client/version.ts'
import { getCohort, runEndpoint } from '../../../src/generated/api.gen.ts'
import { clientOf, host, json, key, scriptedServer } from '../fake-server.ts'

const keyVariables = [
  'POSTHOG_PERSONAL_API_KEY',
  'POSTHOG_PROJECT_SECRET_API_KEY',
  'POSTHOG_CLI_API_KEY',
  'POSTHOG_CLI_TOKEN',
  'POSTHOG_API_KEY',
]
const withoutKeys = (): void => {
  for (const name of keyVariables) vi.stubEnv(name, undefined)
}
const unavailable = (): Response => json({ type: 'server_error', code: 'error', detail: 'x' }, 503)
const runResponse = { results: [], columns: [], endpoint_version: 3 }
const traffic = { name: 'traffic', version: 3, kind: 'HogQLQuery', materialized: false, columns: [] }

afterEach(() => vi.unstubAllEnvs())

describe('createClient', () => {
  it('lists the checked variables without a key', () => {
    withoutKeys()
    expect(() => createClient()).toThrow(/POSTHOG_PERSONAL_API_KEY/)
  })

  it('sends nothing before the first call', () => {
    const server = scriptedServer()
    clientOf(server)
    expect(server.requests).toEqual([])
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(clientOf(scriptedServer()).config)).toBe(true)
  })

  it('rejects an unknown option', () => {
    const options: object = { apiKey: key, project: 7 }
    expect(() => createClient(options)).toThrow(/no option `project`/)
  })

  it('sends the package version in the user agent', async () => {
    expect(JSON.parse(readFileSync('package.json', 'utf8')).version).toBe(version)
    const server = scriptedServer()
    await clientOf(server).request('GET /api/projects/{project_id}/cohorts/')
    expect(server.requests[0]?.headers.get('user-agent')).toBe(`typehog/${version}`)
  })

  it('never shows the key, however it is printed', () => {
    const posthog = clientOf(scriptedServer())
    const shown = [
      inspect(posthog, { depth: 20, showHidden: true, getters: true }),
      inspect(posthog.config, { depth: 20, showHidden: true }),
      JSON.stringify(posthog),
      JSON.stringify(posthog.config),
      String(posthog),
      Reflect.ownKeys(posthog.config).map(String).join(),
    ]
    for (const text of shown) expect(text).not.toContain('Secret0123456789')
  })
})

describe('createClient.optional', () => {
  it('returns undefined without a key', () => {
    withoutKeys()
    expect(createClient.optional()).toBeUndefined()
    expect(createClient.optional({ projectId: 7 })).toBeUndefined()
  })

  it.each(['', '   '])('returns undefined for the key %j, as in a fork without secrets', (apiKey) => {
    withoutKeys()
    vi.stubEnv('POSTHOG_PERSONAL_API_KEY', apiKey)
    expect(createClient.optional({ apiKey })).toBeUndefined()
    expect(createClient.optional()).toBeUndefined()
  })

  it('returns undefined for a public token in POSTHOG_API_KEY', () => {
    withoutKeys()
    vi.stubEnv('POSTHOG_API_KEY', 'phc_public')
    expect(createClient.optional()).toBeUndefined()
  })

  it('returns a client for a key in the environment', () => {
    withoutKeys()
    vi.stubEnv('POSTHOG_PERSONAL_API_KEY', key)
    expect(createClient.optional({ host })?.config.host).toBe(host)
  })

  it('throws for a key of the wrong kind', () => {
    withoutKeys()
    expect(() => createClient.optional({ apiKey: 'phc_public' })).toThrow(/phc_/)
  })
})

describe('request', () => {
  it('splits a route at its first space and fills in the project', async () => {
    const server = scriptedServer(() => json({ results: [] }))
    const page = await clientOf(server).request('GET /api/projects/{project_id}/cohorts/', {
      query: { limit: 2 },
    })
    expect(page).toEqual({ results: [] })
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      url: `${host}/api/projects/7/cohorts/?limit=2`,
    })
    expect(server.requests[0]?.headers.get('authorization')).toBe(`Bearer ${key}`)
  })

  it('rejects instead of throwing for invalid input', async () => {
    const path: object = { id: '..' }
    const call = clientOf(scriptedServer()).request('GET /api/projects/{project_id}/cohorts/{id}/', {
      path: path as { id: number },
    })
    await expect(call).rejects.toMatchObject({ name: 'ConfigurationError' })
  })

  it('returns data, response, request id and attempts from withResponse', async () => {
    const server = scriptedServer(unavailable, () => json({ id: 1 }, 200, { 'x-request-id': 'req-9' }))
    const call = clientOf(server).request('GET /api/projects/{project_id}/cohorts/{id}/', {
      path: { id: 1 },
    })
    const { data, response, requestId, attempts } = await call.withResponse()
    expect([data, response.status, requestId]).toEqual([{ id: 1 }, 200, 'req-9'])
    expect(attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 503],
      [2, 200],
    ])
    expect(await response.json()).toEqual({ id: 1 })
  })

  it('returns the undecoded response from asResponse', async () => {
    const server = scriptedServer(() => new Response('<html>', { headers: { 'content-type': 'text/html' } }))
    const call = clientOf(server).request('GET /api/projects/{project_id}/cohorts/')
    expect(await (await call.asResponse()).text()).toBe('<html>')
  })

  it('merges headers of client, input and call, ignoring case', async () => {
    const server = scriptedServer()
    const posthog = clientOf(server, { headers: { 'x-a': 'client', 'X-B': 'client', 'x-c': 'client' } })
    // Input of operations with header parameters; no operation of the schema has one today.
    const input: object = { headers: { 'X-A': 'input', 'x-b': 'input' } }
    await posthog.request('GET /api/projects/{project_id}/cohorts/', input, { headers: { 'x-a': 'call' } })
    const headers = server.requests[0]?.headers
    expect(['x-a', 'x-b', 'x-c'].map((name) => headers?.get(name))).toEqual(['call', 'input', 'client'])
  })

  it('rejects a key in the headers of a call without showing it', async () => {
    const server = scriptedServer()
    const headers = { Authorization: 'Bearer phx_other' }
    const call = clientOf(server).request('GET /api/projects/{project_id}/cohorts/', {}, { headers })
    await expect(call).rejects.toMatchObject({
      message: '`headers` contains Authorization; Typehog sets it from `apiKey`.',
    })
    expect(server.requests).toEqual([])
  })

  it('accepts maxAttempts for one call', async () => {
    const server = scriptedServer(unavailable)
    const call = clientOf(server).request('GET /api/projects/{project_id}/cohorts/', {}, { maxAttempts: 1 })
    await expect(call).rejects.toMatchObject({ name: 'ServerError', status: 503 })
    expect(server.requests).toHaveLength(1)
  })
})

describe('a retry after 503', () => {
  it('repeats a read', async () => {
    const server = scriptedServer(unavailable)
    const call = clientOf(server).request('GET /api/projects/{project_id}/cohorts/')
    await expect(call).rejects.toMatchObject({ status: 503 })
    expect(server.requests).toHaveLength(3)
  })

  it('repeats an endpoint run with the same body', async () => {
    const server = scriptedServer(unavailable, () => json(runResponse))
    await clientOf(server).endpoints.run(traffic, { country: 'DE' })
    expect(server.requests.map(({ method, text: body }) => `${method} ${body}`)).toEqual(
      Array(2).fill('POST {"variables":{"country":"DE"},"version":3}'),
    )
  })

  it('repeats a query', async () => {
    const server = scriptedServer(unavailable, () => json({ results: [] }))
    await clientOf(server).request('POST /api/projects/{project_id}/query/', {
      body: { query: { kind: 'HogQLQuery', query: 'select 1' } },
    })
    expect(server.requests).toHaveLength(2)
  })

  it.each([
    ['POST', 'POST /api/projects/{project_id}/cohorts/', { body: { name: 'x' } }],
    ['PATCH', 'PATCH /api/projects/{project_id}/cohorts/{id}/', { path: { id: 1 }, body: { name: 'x' } }],
    ['PUT', 'PUT /api/projects/{project_id}/cohorts/{id}/', { path: { id: 1 }, body: { name: 'x' } }],
    ['DELETE', 'DELETE /api/projects/{project_id}/cohorts/{id}/', { path: { id: 1 } }],
  ] as const)('is no %s that writes', async (_, route, input) => {
    const server = scriptedServer(unavailable)
    const posthog = clientOf(server)
    // The routes of the table share their shape, which the compiler does not see through the union.
    const call = posthog.request(route as 'PATCH /api/projects/{project_id}/cohorts/{id}/', input as never)
    await expect(call).rejects.toMatchObject({ status: 503 })
    expect(server.requests).toHaveLength(1)
  })
})

describe('functions of typehog/api', () => {
  it('use the URL, key and retries of the client', async () => {
    const server = scriptedServer(unavailable, () => json({ id: 5, name: 'x' }))
    const cohort = await getCohort({ client: clientOf(server).api, path: { id: 5 } })
    expect(cohort).toEqual({ id: 5, name: 'x' })
    expect(server.requests.map(({ url }) => url)).toEqual(Array(2).fill(`${host}/api/projects/7/cohorts/5/`))
    expect(server.requests[1]?.headers.get('authorization')).toBe(`Bearer ${key}`)
  })

  it('send their body, and retry POSTs that only read', async () => {
    const server = scriptedServer(unavailable, () => json(runResponse))
    const { api } = clientOf(server)
    await runEndpoint({ client: api, path: { name: 'traffic' }, body: { variables: { a: 1 } } })
    expect(server.requests.map(({ text: body }) => body)).toEqual(Array(2).fill('{"variables":{"a":1}}'))
  })

  it('reject with the reason of their signal', async () => {
    const reason = { my: 'reason' }
    const call = getCohort({
      client: clientOf(scriptedServer()).api,
      path: { id: 5 },
      signal: AbortSignal.abort(reason),
    })
    await expect(call).rejects.toBe(reason)
  })
})
