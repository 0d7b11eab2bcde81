import { describe, expect, it } from 'vitest'
import type { ClientOptions } from '../../../src/runtime/config/options.ts'
import { clientOf, type FakeServer, fakeServer, json } from '../fake-server.ts'
import { failure } from '../runtime/harness.ts'

/** A server with these routes. It responds to every other request with 404. */
function server(routes: Readonly<Record<string, () => Response>>): FakeServer {
  return fakeServer(
    ({ path }) => routes[path]?.() ?? json({ code: 'not_found', detail: 'Endpoint not found.' }, 404),
  )
}
const pathsOf = ({ requests }: FakeServer): string[] => requests.map(({ path }) => path)

const key = (more: object): (() => Response) => {
  return () => json({ id: 'k1', label: 'CI', user_id: 3, scopes: ['*'], scoped_teams: [], ...more })
}
const me = (): Response => json({ uuid: 'u1', email: 'ada@example.com', first_name: 'Ada' })
const projects = (): Response =>
  json({
    count: 2,
    next: null,
    previous: null,
    results: [
      { id: 7, name: 'Shop' },
      { id: 8, name: 'App' },
    ],
  })
const forbidden = (): Response => json({ code: 'permission_denied', detail: 'No.' }, 403)
const at = {
  key: '/api/personal_api_keys/@current/',
  me: '/api/users/@me/',
  projects: '/api/projects/',
}
const ask = (from: FakeServer, options?: ClientOptions) => clientOf(from, options).whoami()

describe('whoami', () => {
  it('tells all that a key with every scope may read', async () => {
    const all = server({ [at.key]: key({}), [at.me]: me, [at.projects]: projects })
    expect(await ask(all)).toEqual({
      host: 'https://posthog.test',
      region: undefined,
      keyKind: 'personal',
      label: 'CI',
      scopes: ['*'],
      projects: [
        { id: 7, name: 'Shop' },
        { id: 8, name: 'App' },
      ],
      user: { uuid: 'u1', email: 'ada@example.com', name: 'Ada' },
    })
  })

  it('asks for nothing that the scopes forbid', async () => {
    const narrow = server({ [at.key]: key({ scopes: ['query:read'] }), [at.me]: me, [at.projects]: projects })
    expect(await ask(narrow)).toMatchObject({ scopes: ['query:read'], projects: undefined, user: undefined })
    expect(pathsOf(narrow)).toEqual([at.key])
  })

  it('knows that write contains read', async () => {
    const writer = server({ [at.key]: key({ scopes: ['user:write'] }), [at.me]: me })
    expect((await ask(writer)).user?.name).toBe('Ada')
  })

  it('takes the projects of a restricted key from the key', async () => {
    const restricted = server({ [at.key]: key({ scoped_teams: [7] }), [at.me]: me, [at.projects]: forbidden })
    expect((await ask(restricted)).projects).toEqual([{ id: 7, name: undefined }])
    expect(pathsOf(restricted)).not.toContain(at.projects)
  })

  it('makes do with an older PostHog, where a key cannot read itself', async () => {
    const old = server({ [at.me]: me, [at.projects]: forbidden })
    expect(await ask(old)).toMatchObject({
      scopes: undefined,
      label: undefined,
      projects: undefined,
      user: { name: 'Ada' },
    })
  })

  it('asks nothing for a secret key, which may not', async () => {
    const none = server({})
    expect(await ask(none, { apiKey: 'phs_secret' })).toMatchObject({
      keyKind: 'project_secret',
      projects: [{ id: 7, name: undefined }],
      user: undefined,
    })
    expect(pathsOf(none)).toEqual([])
  })

  it('does not ask the route of personal keys for an OAuth token', async () => {
    const oauth = server({ [at.me]: me, [at.projects]: projects })
    expect(await ask(oauth, { apiKey: 'pha_token' })).toMatchObject({
      keyKind: 'oauth',
      user: { name: 'Ada' },
    })
    expect(pathsOf(oauth)).not.toContain(at.key)
  })

  it('throws for a key that PostHog does not know', async () => {
    const unknown = server({ [at.key]: () => json({ code: 'authentication_failed', detail: 'x' }, 401) })
    expect(await failure(ask(unknown))).toMatchObject({ name: 'AuthenticationError' })
  })
})
