import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'
import { callerOf, hogql } from './harness.ts'

const READER = 'phx_reader'
const ELSEWHERE = 'phx_elsewhere'
const SECRET_WITHOUT_SCOPE = 'phs_none'
const SECRET_ELSEWHERE = 'phs_elsewhere'

let posthog: LocalPostHog
let call: ReturnType<typeof callerOf>

beforeAll(async () => {
  posthog = await startLocalPostHog({
    events: 20,
    keys: [
      { value: READER, kind: 'personal', scopes: ['endpoint:read'] },
      { value: ELSEWHERE, kind: 'personal', scopes: ['*'], projectIds: [7] },
      { value: SECRET_WITHOUT_SCOPE, kind: 'project_secret', scopes: [] },
      { value: SECRET_ELSEWHERE, kind: 'project_secret', scopes: ['endpoint:read'], projectIds: [7] },
    ],
  })
  call = callerOf(posthog)
  const made = await call('POST', '/api/projects/1/endpoints/', {
    body: { name: 'one', query: hogql('select 1 as x') },
  })
  expect(made.status).toBe(201)
})

afterAll(() => posthog.close())

const authError = (code: string, detail: string): object => ({
  type: 'authentication_error',
  code,
  detail,
  attr: null,
})

describe('routing', () => {
  it.each([
    '/api/projects/1/endpoints/one',
    '/api/projects/1/endpoints/one/',
    '/api/projects/@current/endpoints/one',
    '/api/environments/1/endpoints/one/',
    '/api/environments/1/endpoints/one',
  ])('routes %s', async (path) => {
    expect(await call('GET', path)).toMatchObject({ status: 200, body: { name: 'one' } })
  })

  it('sends deprecation headers with the successor path under the old prefix', async () => {
    const { headers } = await call('GET', '/api/environments/1/endpoints/')
    expect(headers.get('deprecation')).toBe('true')
    expect(headers.get('sunset')).toBe('Fri, 31 Jul 2026 00:00:00 GMT')
    expect(headers.get('link')).toBe('</api/projects/1/endpoints/>; rel="successor-version"')
    expect((await call('GET', '/api/projects/1/endpoints/')).headers.get('deprecation')).toBeNull()
  })

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'responds with JSON to %s of an unknown route',
    async (method) => {
      expect(await call(method, '/api/projects/1/unicorns/', { key: null })).toMatchObject({
        status: 404,
        body: { type: 'invalid_request', code: 'not_found', detail: 'Endpoint not found.', attr: null },
      })
    },
  )

  it('distinguishes an unknown object from an unknown route', async () => {
    expect(await call('GET', '/api/projects/1/endpoints/none/')).toMatchObject({
      status: 404,
      body: { type: 'invalid_request', code: 'not_found', detail: 'Not found.' },
    })
  })

  it('serves the page of the web application outside /api', async () => {
    const page = await call('GET', '/posthog/api/projects/1/endpoints/', { key: null })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
  })

  it('serves a schema only when one is set, and only with a trailing slash', async () => {
    expect((await call('GET', '/api/schema/?format=json', { key: null })).status).toBe(404)
    const withSchema = await startLocalPostHog({ events: 0, schema: async () => '{"openapi":"3.1.0"}' })
    const callSchema = callerOf(withSchema)
    expect(await callSchema('GET', '/api/schema/?format=json', { key: null })).toMatchObject({
      status: 200,
      body: { openapi: '3.1.0' },
    })
    expect((await callSchema('GET', '/api/schema', { key: null })).status).toBe(404)
    await withSchema.close()
  })

  it('lists the allowed methods of a path in a 405', async () => {
    const response = await call('DELETE', '/api/projects/1/endpoints/')
    expect(response).toMatchObject({
      status: 405,
      body: { type: 'invalid_request', code: 'method_not_allowed', detail: 'Method "DELETE" not allowed.' },
    })
    expect(response.headers.get('allow')).toBe('GET, POST')
  })

  it('rejects bulk tag updates of endpoints with the body of that route', async () => {
    const response = await call('POST', '/api/projects/1/endpoints/bulk_update_tags/')
    expect([response.status, Object.keys(response.body)]).toEqual([405, ['detail']])
  })
})

describe('keys', () => {
  it('are required', async () => {
    const response = await call('GET', '/api/projects/1/endpoints/', { key: null })
    expect(response).toMatchObject({
      status: 401,
      body: authError('not_authenticated', 'Authentication credentials were not provided.'),
    })
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer resource_metadata="http://local.test/.well-known/oauth-protected-resource"',
    )
  })

  it('must be valid', async () => {
    const response = await call('GET', '/api/projects/1/endpoints/', { key: 'phx_wrong' })
    expect(response).toMatchObject({
      status: 401,
      body: authError(
        'authentication_failed',
        'Personal API key found in request Authorization header is invalid.',
      ),
    })
    expect(response.headers.get('www-authenticate')).not.toBeNull()
  })

  it('are read from the header, else from the body or the query string', async () => {
    const path = `/api/projects/1/endpoints/?personal_api_key=${posthog.personalApiKey}`
    expect((await call('GET', path, { key: null })).status).toBe(200)
    expect((await call('GET', path, { key: 'phx_wrong' })).status).toBe(401)
    const body = { personal_api_key: posthog.personalApiKey }
    expect((await call('POST', '/api/projects/1/endpoints/one/run/', { key: null, body })).status).toBe(200)
    expect(
      await call('POST', '/api/projects/1/endpoints/one/run/', {
        key: null,
        body: { personal_api_key: 'x' },
      }),
    ).toMatchObject({
      status: 401,
      body: { detail: 'Personal API key found in request body is invalid.' },
    })
  })

  it('require the scope of the action', async () => {
    expect((await call('GET', '/api/projects/1/endpoints/', { key: READER })).status).toBe(200)
    const response = await call('POST', '/api/projects/1/endpoints/', { key: READER, body: {} })
    expect(response).toMatchObject({
      status: 403,
      body: authError('permission_denied', "API key missing required scope 'endpoint:write'"),
    })
    expect(response.headers.get('www-authenticate')).toBeNull()
  })

  it('limited to projects cannot access others', async () => {
    expect(await call('GET', '/api/projects/1/endpoints/', { key: ELSEWHERE })).toMatchObject({
      status: 403,
      body: authError('permission_denied', 'API key does not have access to the requested project: ID 1.'),
    })
    expect(await call('GET', '/api/projects/', { key: ELSEWHERE })).toMatchObject({
      status: 403,
      body: { detail: 'API keys with scoped projects are only supported on project-based endpoints.' },
    })
    expect((await call('GET', '/api/users/@me/', { key: ELSEWHERE })).status).toBe(200)
  })

  it.each(['99', 'abc', '1.5'])('get 404 for project %s', async (id) => {
    expect(await call('GET', `/api/projects/${id}/endpoints/`)).toMatchObject({
      status: 404,
      body: { detail: 'Project not found.', code: 'not_found' },
    })
  })

  it('identify their owner', async () => {
    expect(await call('GET', '/api/personal_api_keys/@current', { key: READER })).toMatchObject({
      status: 200,
      body: { scopes: ['endpoint:read'], scoped_teams: [], user_id: 1 },
    })
    expect((await call('GET', '/api/personal_api_keys/')).status).toBe(403)
    expect((await call('GET', '/api/users/@me/', { key: READER })).status).toBe(403)
    expect(await call('GET', '/api/users/@me/')).toMatchObject({
      body: { team: { id: 1 }, email: 'local@example.com' },
    })
    expect(await call('GET', '/api/projects/')).toMatchObject({ body: { count: 1, results: [{ id: 1 }] } })
    expect(await call('GET', '/api/projects/1/')).toMatchObject({ body: { id: 1, timezone: 'UTC' } })
  })
})

describe('project secret keys', () => {
  const run = '/api/projects/1/endpoints/one/run'

  it.each(['GET', 'POST'])('run endpoints by %s', async (method) => {
    expect((await call(method, run, { key: posthog.projectSecretKey })).status).toBe(200)
  })

  it.each([
    ['GET', '/api/projects/1/endpoints/'],
    ['GET', '/api/projects/1/endpoints/one/'],
    ['GET', '/api/projects/1/endpoints/one/openapi.json/'],
    ['DELETE', '/api/projects/1/endpoints/one/'],
    ['GET', '/api/projects/1/endpoints/one/logs/'],
  ])('cannot %s %s', async (method, path) => {
    expect(await call(method, path, { key: posthog.projectSecretKey })).toMatchObject({
      status: 403,
      body: authError('permission_denied', 'This action does not support project secret API key access'),
    })
  })

  it('are invalid for other products', async () => {
    const body = { query: hogql('select 1') }
    expect(
      (await call('POST', '/api/projects/1/query/', { key: posthog.projectSecretKey, body })).status,
    ).toBe(401)
    expect((await call('GET', '/api/users/@me/', { key: posthog.projectSecretKey })).status).toBe(401)
  })

  it('are ignored in the body', async () => {
    const body = { personal_api_key: posthog.projectSecretKey }
    expect((await call('POST', run, { key: null, body })).status).toBe(401)
  })

  it('require their scope and their project', async () => {
    expect((await call('POST', run, { key: SECRET_WITHOUT_SCOPE })).status).toBe(403)
    expect((await call('POST', run, { key: SECRET_ELSEWHERE })).status).toBe(403)
    expect(
      (await call('POST', '/api/projects/9/endpoints/one/run', { key: posthog.projectSecretKey })).status,
    ).toBe(403)
  })
})

describe('throttles', () => {
  it('reject with the seconds to wait, before validating the body', async () => {
    let now = Date.parse('2026-11-20T10:00:00Z')
    const small = await startLocalPostHog({
      events: 0,
      throttle: { perMinute: 2, perHour: 100 },
      now: () => new Date(now),
    })
    const callSmall = callerOf(small)
    const path = '/api/projects/1/endpoints/'
    expect((await callSmall('GET', path)).status).toBe(200)
    now += 15_000
    expect((await callSmall('GET', path)).status).toBe(200)
    const refused = await callSmall('POST', path, { body: '{broken' })
    expect(refused).toMatchObject({
      status: 429,
      body: {
        type: 'throttled_error',
        code: 'throttled',
        detail: 'Request was throttled. Expected available in 45 seconds.',
        attr: null,
      },
    })
    expect(refused.headers.get('retry-after')).toBe('45')
    now += 45_000
    expect((await callSmall('GET', path)).status).toBe(200)
    await small.close()
  })
})
