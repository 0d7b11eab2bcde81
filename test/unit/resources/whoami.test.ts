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
const paths = {
  key: '/api/personal_api_keys/@current/',
  me: '/api/users/@me/',
  projects: '/api/projects/',
}
const whoami = (from: FakeServer, options?: ClientOptions) => clientOf(from, options).whoami()

describe('whoami', () => {
  it('returns everything for a key with every scope', async () => {
    const all = server({ [paths.key]: key({}), [paths.me]: me, [paths.projects]: projects })
    expect(await whoami(all)).toEqual({
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

  it('requests only what the scopes permit', async () => {
    const narrow = server({
      [paths.key]: key({ scopes: ['query:read'] }),
      [paths.me]: me,
      [paths.projects]: projects,
    })
    expect(await whoami(narrow)).toMatchObject({
      scopes: ['query:read'],
      projects: undefined,
      user: undefined,
    })
    expect(pathsOf(narrow)).toEqual([paths.key])
  })

  it('treats a write scope as a read scope', async () => {
    const writer = server({ [paths.key]: key({ scopes: ['user:write'] }), [paths.me]: me })
    expect((await whoami(writer)).user?.name).toBe('Ada')
  })

  it('returns the projects of a restricted key from its description', async () => {
    const restricted = server({
      [paths.key]: key({ scoped_teams: [7] }),
      [paths.me]: me,
      [paths.projects]: forbidden,
    })
    expect((await whoami(restricted)).projects).toEqual([{ id: 7, name: undefined }])
    expect(pathsOf(restricted)).not.toContain(paths.projects)
  })

  it('works with an older PostHog that cannot describe the key', async () => {
    const old = server({ [paths.me]: me, [paths.projects]: forbidden })
    expect(await whoami(old)).toMatchObject({
      scopes: undefined,
      label: undefined,
      projects: undefined,
      user: { name: 'Ada' },
    })
  })

  it('sends nothing for a project secret key', async () => {
    const none = server({})
    expect(await whoami(none, { apiKey: 'phs_secret' })).toMatchObject({
      keyKind: 'project_secret',
      projects: [{ id: 7, name: undefined }],
      user: undefined,
    })
    expect(pathsOf(none)).toEqual([])
  })

  it('does not request the description of a personal key for an OAuth token', async () => {
    const oauth = server({ [paths.me]: me, [paths.projects]: projects })
    expect(await whoami(oauth, { apiKey: 'pha_token' })).toMatchObject({
      keyKind: 'oauth',
      user: { name: 'Ada' },
    })
    expect(pathsOf(oauth)).not.toContain(paths.key)
  })

  it('throws for an unknown key', async () => {
    const unknown = server({ [paths.key]: () => json({ code: 'authentication_failed', detail: 'x' }, 401) })
    expect(await failure(whoami(unknown))).toMatchObject({ name: 'AuthenticationError' })
  })
})
