import { describe, expect, it } from 'vitest'
import { createClient, oauth } from '../../../src/index.ts'

describe('whoami with a renewed OAuth token', () => {
  it('does not ask the route of personal API keys, which refuses the token', async () => {
    const paths: string[] = []
    const fetch = async (url: string): Promise<Response> => {
      const { pathname } = new URL(url)
      paths.push(pathname)
      if (pathname.startsWith('/api/personal_api_keys/')) return Response.json({}, { status: 401 })
      if (pathname.startsWith('/api/users/')) {
        return Response.json({ uuid: 'u', email: 'ada@example.com', first_name: 'Ada' })
      }
      return Response.json({ count: 1, next: null, previous: null, results: [{ id: 1, name: 'One' }] })
    }
    const apiKey = oauth({ clientId: 'app', refreshToken: 'phr_0', accessToken: 'pha_0' })
    const { keyKind, user, projects } = await createClient({ apiKey, fetch, host: 'http://h.test' }).whoami()
    expect({ keyKind, email: user?.email, projects }).toEqual({
      keyKind: 'oauth',
      email: 'ada@example.com',
      projects: [{ id: 1, name: 'One' }],
    })
    expect(paths).toEqual(['/api/users/@me/', '/api/projects/'])
  })
})
