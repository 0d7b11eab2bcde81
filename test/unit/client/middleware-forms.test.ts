import { describe, expect, it } from 'vitest'
import type { Middleware } from '../../../src/runtime/transport/middleware.ts'
import { clientOf, json, scriptedServer } from '../fake-server.ts'

const upload = 'POST /api/projects/{project_id}/warehouse_tables/file/'
const create = 'POST /api/projects/{project_id}/cohorts/'

function otherForm(): FormData {
  const form = new FormData()
  form.append('name', 'other')
  return form
}

/** What the server reads as the form's field `name`, behind a middleware. */
async function nameBehind(middleware: Middleware): Promise<unknown> {
  const server = scriptedServer(() => json({}))
  const posthog = clientOf(server, { middleware: [middleware] })
  await posthog.request(upload, { body: { name: 'sales', file: new Blob(['a,b']) } as never })
  const [request] = server.requests
  // Reading fails if the boundaries of the content type and of the body differ.
  const type = request?.headers.get('content-type') ?? ''
  const form = await new Response(request?.text ?? '', { headers: { 'content-type': type } }).formData()
  return form.get('name')
}

describe('a form behind a middleware', () => {
  it.each<[string, Middleware, string]>([
    ['passes the request to next', (request, next) => next(request), 'sales'],
    [
      'sets a header',
      (request, next) => {
        request.headers.set('x-trace', '1')
        return next(request)
      },
      'sales',
    ],
    ['clones the request', (request, next) => next(request.clone()), 'sales'],
    ['creates a new request from it', (request, next) => next(new Request(request)), 'sales'],
    ['replaces the form', (request, next) => next(new Request(request, { body: otherForm() })), 'other'],
    [
      'sends it twice',
      async (request, next) => {
        await next(request)
        return next(request)
      },
      'sales',
    ],
  ])('is readable by the server when the middleware %s', async (_, middleware, name) => {
    expect(await nameBehind(middleware)).toBe(name)
  })
})

describe('a JSON body behind a middleware', () => {
  it('can be replaced by the middleware', async () => {
    const server = scriptedServer(() => json({}))
    const rename: Middleware = async (request, next) => {
      const body = Object(await request.clone().json())
      return next(new Request(request, { body: JSON.stringify({ ...body, name: 'renamed' }) }))
    }
    await clientOf(server, { middleware: [rename] }).request(create, { body: { name: 'x' } })
    expect(JSON.parse(server.requests[0]?.text ?? '')).toEqual({ name: 'renamed' })
    expect(server.requests[0]?.headers.get('content-type')).toBe('application/json')
  })
})
