import { describe, expect, it } from 'vitest'
import { buildRequest, type RawInput, resolvePathParams } from '../../../src/client/build-request.ts'
import { operationOf } from '../../../src/client/operation.ts'
import { readHeaders } from '../../../src/runtime/config/headers.ts'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { resolveConfig } from '../../../src/runtime/config/resolve.ts'
import { host, key } from '../fake-server.ts'

const build = (route: string, input: RawInput = {}, options: ClientOptions = {}): Request => {
  const { template, ...operation } = operationOf(route)
  const config = resolveConfig({ apiKey: key, host, projectId: 7, ...options }, {})
  const path = resolvePathParams(template, input.path, config)
  const { url, ...init } = buildRequest(config.host, operation, path, input, readHeaders(input.headers))
  return new Request(url, { ...init, body: init.body ?? null })
}
const listCohorts = 'GET /api/projects/{project_id}/cohorts/'
const createCohort = 'POST /api/projects/{project_id}/cohorts/'
const upload = 'POST /api/projects/{project_id}/warehouse_tables/file/'

describe('URL', () => {
  it('contains the project of the client', () => {
    expect(build(listCohorts).url).toBe(`${host}/api/projects/7/cohorts/`)
  })

  it('prefers the project of the call', () => {
    expect(build(listCohorts, { path: { project_id: 8 } }).url).toBe(`${host}/api/projects/8/cohorts/`)
  })

  it.each([undefined, null])('contains the project of the client when the call passes %s', (project_id) => {
    expect(build(listCohorts, { path: { project_id } }).url).toBe(`${host}/api/projects/7/cohorts/`)
  })

  it('throws an error with a fix without a project', () => {
    const config = resolveConfig({ apiKey: key, host }, {})
    expect(() => resolvePathParams('/api/projects/{project_id}/cohorts/', {}, config)).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        fix: 'Pass `projectId`, or set POSTHOG_PROJECT_ID.',
      }),
    )
  })

  it('works without a project on routes without one', () => {
    const { url } = build('GET /api/users/{uuid}/', { path: { uuid: '@me' } })
    expect(url).toBe(`${host}/api/users/@me/`)
  })

  it.each<[string, ClientOptions, RawInput]>([
    ['@current', { organizationId: '@current' }, {}],
    ['acme', { organizationId: 'acme' }, {}],
    ['other', { organizationId: 'acme' }, { path: { organization_id: 'other' } }],
  ])('contains the organization %s for options %j and input %j', (organization, options, input) => {
    const { url } = build('GET /api/organizations/{organization_id}/members/', input, options)
    expect(url).toBe(`${host}/api/organizations/${organization}/members/`)
  })

  it('throws an error with a fix without an organization', () => {
    expect(() => build('GET /api/organizations/{organization_id}/members/')).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', fix: expect.stringContaining('organizationId') }),
    )
  })

  it('keeps the sub-path of a self-hosted PostHog', () => {
    expect(build(listCohorts, {}, { host: 'https://acme.test/posthog/' }).url).toBe(
      'https://acme.test/posthog/api/projects/7/cohorts/',
    )
  })

  it.each([
    ['a/b', 'a%2Fb'],
    ['a?b#c', 'a%3Fb%23c'],
    ['Zürich', 'Z%C3%BCrich'],
    ['a b', 'a%20b'],
    ['50%', '50%25'],
  ])('encodes %j as one segment', (name, segment) => {
    expect(build('GET /api/projects/{project_id}/endpoints/{name}/', { path: { name } }).url).toBe(
      `${host}/api/projects/7/endpoints/${segment}/`,
    )
  })

  it.each(['', '.', '..', '%2e%2E', null, undefined, {}, Number.NaN])(
    'rejects the path parameter %j',
    (name) => {
      expect(() => build('GET /api/projects/{project_id}/endpoints/{name}/', { path: { name } })).toThrow(
        expect.objectContaining({ name: 'ConfigurationError' }),
      )
    },
  )

  it('rejects an unknown path parameter', () => {
    expect(() => build(listCohorts, { path: { id: 1 } })).toThrow(/"id" is not part of this path/)
  })

  it.each([undefined, {}])('has no question mark for the query %j', (query) => {
    expect(build(listCohorts, { query }).url).not.toContain('?')
  })

  it('has the query after the path', () => {
    expect(build(listCohorts, { query: { limit: 2, search: 'a&b' } }).url).toBe(
      `${host}/api/projects/7/cohorts/?limit=2&search=a%26b`,
    )
  })
})

describe('body', () => {
  it('is JSON with its content type', async () => {
    const request = build(createCohort, { body: { name: 'Zürich', filters: null, at: new Date(0) } })
    expect(request.method).toBe('POST')
    expect(request.headers.get('content-type')).toBe('application/json')
    expect(await request.json()).toEqual({
      name: 'Zürich',
      filters: null,
      at: '1970-01-01T00:00:00.000Z',
    })
  })

  it('is JSON whatever content type the caller names', () => {
    const headers = { 'Content-Type': 'text/plain' }
    expect(build(createCohort, { body: {}, headers }).headers.get('content-type')).toBe('application/json')
  })

  it('serializes bigints as strings', async () => {
    const request = build(createCohort, { body: { id: 9_007_199_254_740_993n } })
    expect(await request.json()).toEqual({ id: '9007199254740993' })
  })

  it.each(['GET', 'HEAD'])('is rejected for %s', (method) => {
    const route = `${method} /api/projects/{project_id}/cohorts/`
    expect(() => build(route, { body: { a: 1 } })).toThrow(/`body`.*no body for a/)
  })

  it('has no content type when it is missing', () => {
    const headers = { 'Content-Type': 'application/json' }
    const request = build(createCohort, { headers })
    expect(request.body).toBeNull()
    expect(request.headers.has('content-type')).toBe(false)
  })

  it('is a form for operations with one', async () => {
    const body = {
      name: 'Zürich',
      file: new Blob(['a,b'], { type: 'text/csv' }),
      tags: ['a', 'b'],
      options: { header: true },
      omitted: undefined,
      none: null,
    }
    const request = build(upload, { body })
    expect(request.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
    const form = await request.formData()
    expect([...form.keys()].sort()).toEqual(['file', 'name', 'options', 'tags', 'tags'])
    expect(form.get('name')).toBe('Zürich')
    expect(form.getAll('tags')).toEqual(['a', 'b'])
    expect(form.get('options')).toBe('{"header":true}')
    const file = form.get('file')
    expect(file instanceof Blob ? await file.text() : file).toBe('a,b')
  })

  it.each([createCohort, upload])('stays unchanged when it is FormData, for %s', async (route) => {
    const body = new FormData()
    body.append('name', 'x')
    const request = build(route, { body, headers: { 'Content-Type': 'application/json' } })
    expect(request.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
    expect((await request.formData()).get('name')).toBe('x')
  })

  it('of captured events stays unchanged when it is a Blob', async () => {
    const request = build('POST /batch/', { body: new Blob(['{}'], { type: 'application/json' }) })
    expect(await request.text()).toBe('{}')
  })
})

describe('headers', () => {
  it('come from the input', () => {
    const { headers } = build(listCohorts, { headers: { 'X-One': 1 } })
    expect([...headers]).toEqual([['x-one', '1']])
  })

  it.each(['a\r\nX-Evil: 1', 'a\nb', '\0'])('reject the value %j', (value) => {
    expect(() => build(listCohorts, { headers: { 'X-One': value } })).toThrow(
      /"X-One" in `headers` has an invalid character/,
    )
  })

  it('never contain the key', () => {
    expect(build(listCohorts).headers.has('authorization')).toBe(false)
  })
})
