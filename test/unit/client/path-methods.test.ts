import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { PathMethods } from '../../../src/client/path-methods.ts'
import { pathOperationOf } from '../../../src/client/path-operation.ts'
import { clientOf, json, key, scriptedServer } from '../fake-server.ts'
import { failure } from '../runtime/harness.ts'

const created = { id: 3, name: 'Weekly' }

describe('a call by path', () => {
  it.each([
    ['get', 'GET'],
    ['post', 'POST'],
    ['patch', 'PATCH'],
    ['put', 'PUT'],
    ['delete', 'DELETE'],
  ] as const)('%s sends a %s with the key', async (name, method) => {
    const server = scriptedServer(() => json(created))
    const posthog = clientOf(server)
    // `get` takes one option less.
    const call = posthog[name] as PathMethods['post']
    expect(await call('/api/projects/{project_id}/reports/')).toEqual(created)
    expect(server.requests[0]).toMatchObject({ method, url: 'https://posthog.test/api/projects/7/reports/' })
    expect(server.requests[0]?.headers.get('authorization')).toBe(`Bearer ${key}`)
  })

  it('fills in parameters and sends query, body and headers', async () => {
    const server = scriptedServer(() => json(created))
    await clientOf(server, { organizationId: 'acme' }).post(
      '/api/organizations/{organization_id}/reports/{name}/',
      { path: { name: 'a/b' }, query: { dry: true }, body: { tags: ['x'] }, headers: { 'X-Test': '1' } },
    )
    expect(server.requests[0]).toMatchObject({
      url: 'https://posthog.test/api/organizations/acme/reports/a%2Fb/?dry=true',
      body: { tags: ['x'] },
    })
    expect(server.requests[0]?.headers.get('x-test')).toBe('1')
  })

  it('goes to the project of a derived client', async () => {
    const server = scriptedServer(() => json({}))
    await clientOf(server).project(2).get('/api/projects/{project_id}/reports/')
    expect(server.requests[0]?.url).toBe('https://posthog.test/api/projects/2/reports/')
  })

  it.each([
    ['JSON of any kind', json([1, 2]), [1, 2]],
    ['a JSON scalar', json(7), 7],
    ['text', new Response('a,b\n1,2', { headers: { 'content-type': 'text/csv' } }), 'a,b\n1,2'],
    ['an empty body', new Response(null, { status: 200 }), undefined],
    ['no content', new Response(null, { status: 204 }), undefined],
  ])('decodes %s by its content type', async (_, response, data) => {
    const server = scriptedServer(() => response)
    expect(await clientOf(server).get('/api/projects/{project_id}/reports/')).toEqual(data)
  })

  it('decodes binary data as a Blob', async () => {
    const server = scriptedServer(
      () => new Response(new Uint8Array([1, 2]), { headers: { 'content-type': 'image/png' } }),
    )
    const data = await clientOf(server).get<Blob>('/api/projects/{project_id}/reports/7/image/')
    expect(data).toBeInstanceOf(Blob)
    expect(data.size).toBe(2)
  })

  it('validates the response with a schema', async () => {
    const server = scriptedServer(() => json(created))
    const posthog = clientOf(server)
    const schema = z.object({ id: z.number(), name: z.string().transform((name) => name.length) })
    const data = await posthog.get('/api/projects/{project_id}/reports/3/', { schema })
    expect(data).toEqual({ id: 3, name: 6 })
    const wrong = posthog.get('/api/projects/{project_id}/reports/3/', { schema: z.array(z.string()) })
    expect(await failure(wrong)).toMatchObject({ name: 'ResponseValidationError' })
  })

  it('returns the response, the request id and the attempts', async () => {
    const server = scriptedServer(() => json(created, 200, { 'x-request-id': 'r1' }))
    const { data, requestId, attempts } = await clientOf(server)
      .get<typeof created>('/api/projects/{project_id}/reports/3/')
      .withResponse()
    expect([data.name, requestId, attempts.length]).toEqual(['Weekly', 'r1', 1])
    const response = await clientOf(server).get('/api/projects/{project_id}/reports/3/').asResponse()
    expect(await response.json()).toEqual(created)
  })

  it('retries a read after 502 and never a write', async () => {
    const read = scriptedServer(
      () => json({}, 502),
      () => json({}, 502),
      () => json(created),
    )
    const retry = { initialDelay: 1, maxDelay: 1 }
    expect(await clientOf(read, { retry }).get('/api/projects/{project_id}/reports/')).toEqual(created)
    expect(read.requests).toHaveLength(3)
    const write = scriptedServer(
      () => json({}, 502),
      () => json(created),
    )
    const call = clientOf(write, { retry }).post('/api/projects/{project_id}/reports/', { body: {} })
    expect(await failure(call)).toMatchObject({ status: 502 })
    expect(write.requests).toHaveLength(1)
  })

  it('names its method and path in errors', async () => {
    const server = scriptedServer(() => json({ detail: 'Not found.', code: 'not_found' }, 404))
    expect(await failure(clientOf(server).get('/api/projects/7/reports/3/'))).toMatchObject({
      name: 'NotFoundError',
      operation: 'GET /api/projects/7/reports/3/',
    })
  })
})

describe('a path', () => {
  it.each([
    ['https://evil.example/api/x/', 'starts with one slash'],
    ['//evil.example/api/x/', 'starts with one slash'],
    ['api/users/', 'starts with one slash'],
    ['@evil.example/', 'starts with one slash'],
    ['', 'starts with one slash'],
    ['/\\evil.example/', 'encoded characters'],
    ['/api/a b/', 'encoded characters'],
    ['/api/{x/', 'encoded characters'],
    ['/api/users/?limit=1', 'query string'],
    ['/api/users/#top', 'query string'],
    ['/api/../admin/', 'dot segment'],
    ['/api/./users/', 'dot segment'],
    ['/api/%2e%2E/admin/', 'dot segment'],
    ['/api/x%2f..%2fadmin/', 'dot segment'],
    ['/api/..', 'dot segment'],
    [7, 'starts with one slash'],
    [undefined, 'starts with one slash'],
  ])('like %j is rejected before anything is sent', async (path, problem) => {
    const server = scriptedServer(() => json({}))
    const error = await failure(clientOf(server).get(path as string))
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(problem) })
    expect(server.requests).toEqual([])
  })

  it.each([
    [{ boddy: {} }, '`post` has no option `boddy`'],
    ['text', '`post`'],
    [null, '`post`'],
    [{ path: { id: '..' } }, 'dot segment'],
    [{ path: {} }, 'missing'],
    [{ path: { id: 1 }, timeout: -1 }, '`timeout`'],
  ])('with the input %j is rejected', async (input, problem) => {
    const server = scriptedServer(() => json({}))
    const error = await failure(clientOf(server).post('/api/x/{id}/', input as object))
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(problem) })
    expect(server.requests).toEqual([])
  })

  it('of a GET takes no body', async () => {
    const server = scriptedServer(() => json({}))
    const error = await failure(clientOf(server).get('/api/x/', { body: {} } as object))
    expect(error).toMatchObject({ message: '`get` has no option `body`.' })
  })
})

describe('the rules of a path', () => {
  it.each([
    [
      'POST',
      '/api/projects/123/query/',
      { throttle: 'query', runsQuery: true, replay: 'safe', project: '123' },
    ],
    ['POST', '/api/projects/123/query', { throttle: 'query', runsQuery: true, replay: 'safe' }],
    ['POST', '/api/environments/5/query/', { throttle: 'query', runsQuery: true, project: '5' }],
    ['POST', '/api/projects/1/endpoints/top/run/', { throttle: 'query', runsQuery: true, replay: 'safe' }],
    ['POST', '/api/projects/{project_id}/query/', { throttle: 'query', runsQuery: true, project: undefined }],
    ['GET', '/api/projects/123/cohorts/7/', { throttle: 'default', runsQuery: false, replay: 'safe' }],
    ['POST', '/api/projects/123/brand_new/', { throttle: 'default', runsQuery: false, replay: 'unsafe' }],
  ])('%s %s are those of its operation', (method, path, rules) => {
    expect(pathOperationOf(method, path).call).toMatchObject(rules)
  })
})
