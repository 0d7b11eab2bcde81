import { describe, expect, it } from 'vitest'
import { errorResponse, fakeServer, projects } from '../fake-server.ts'

const person = { distinctId: 'user-1' }
const team = { id: 9, project_id: 9, organization: 'org-9', api_token: 'phc_nine', name: 'Nine' }

describe('the public token of the project', () => {
  it('is found on any page', async () => {
    const server = fakeServer(({ url }) => {
      if (url.includes('/flags/')) return Response.json({ flags: {} })
      if (url.includes('offset')) return Response.json(projects)
      const next = `${new URL(url).origin}/api/projects/?limit=100&offset=100`
      const results = [{ ...projects.results[0], id: 8, api_token: 'phc_eight' }]
      return Response.json({ count: 2, next, previous: null, results })
    })
    await server.client().featureFlags.evaluate(person)
    expect(server.requests.at(-1)?.body['token']).toBe('phc_seven')
  })

  it('is the one of the current project for projectId @current', async () => {
    const server = fakeServer(({ url }) => {
      return Response.json(url.includes('/users/') ? { uuid: 'u', team } : { flags: {} })
    })
    await server.client({ projectId: '@current' }).featureFlags.evaluate(person)
    expect(server.lines()).toEqual(['GET /api/users/@me/', 'POST /flags/?v=2'])
    expect(server.requests[1]?.body['token']).toBe('phc_nine')
  })

  it('rejects a client without a project', async () => {
    const server = fakeServer(() => Response.json(projects))
    const { projectId: _, ...none } = { projectId: 7 }
    const { createClient } = await import('../../../src/client/create-client.ts')
    const posthog = createClient({
      apiKey: 'phx_a',
      host: 'https://posthog.test',
      fetch: server.fetch,
      ...none,
    })
    await expect(posthog.featureFlags.evaluate(person)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('needs a project'),
    })
    expect(server.requests).toEqual([])
  })

  it('is fetched again after a failure', async () => {
    const server = fakeServer(({ url }, call) => {
      if (call === 1) return errorResponse(403)
      return Response.json(url.includes('/api/') ? projects : { flags: {} })
    })
    const { featureFlags } = server.client()
    await expect(featureFlags.evaluate(person)).rejects.toMatchObject({ name: 'PermissionError' })
    expect(await featureFlags.evaluate(person)).toMatchObject({ complete: true })
  })

  it('is not validated with the schema of the caller', async () => {
    const server = fakeServer(({ url }) => Response.json(url.includes('/api/') ? projects : { flags: {} }))
    const issues = [{ message: 'This is not a response with flags' }]
    const validate = (value: unknown): { value: unknown } | { issues: typeof issues } =>
      Object(value).flags === undefined ? { issues } : { value }
    const schema = { '~standard': { version: 1, vendor: 'test', validate } } as const
    expect(await server.client().featureFlags.evaluate(person, { schema } as object)).toMatchObject({
      complete: true,
    })
  })

  it('rejects a project that the key cannot read', async () => {
    const server = fakeServer(() => Response.json({ ...projects, results: [] }))
    await expect(server.client().featureFlags.evaluate(person)).rejects.toThrow(
      'The project 7 is not in the list',
    )
  })
})
