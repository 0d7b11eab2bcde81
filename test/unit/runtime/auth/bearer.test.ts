import { describe, expect, it } from 'vitest'
import { json } from '../../fake-server.ts'
import { envelope, failure, sender } from '../harness.ts'
import { virtualPlatform } from '../virtual-platform.ts'

describe('withBearer', () => {
  it('calls a key function before each attempt', async () => {
    const sent: (string | null)[] = []
    let keyCalls = 0
    const platform = virtualPlatform((request, call) => {
      sent.push(request.headers.get('authorization'))
      return call < 3 ? envelope(503, 'error', 'x') : json({})
    })
    await sender(platform, { apiKey: async () => `pha_${++keyCalls}` })()
    expect(sent).toEqual(['Bearer pha_1', 'Bearer pha_2', 'Bearer pha_3'])
  })

  it('sends nothing and does not retry when the function fails', async () => {
    let keyCalls = 0
    let calls = 0
    const cause = new Error('vault is sealed')
    const platform = virtualPlatform(() => {
      calls += 1
      return json({})
    })
    const apiKey = (): never => {
      keyCalls += 1
      throw cause
    }
    expect(await failure(sender(platform, { apiKey })())).toMatchObject({ name: 'ConfigurationError', cause })
    expect([keyCalls, calls]).toEqual([1, 0])
  })

  it.each(['', 'phc_public', 'phx_a\r\nx-evil: 1', 42])(
    'sends nothing when the function returns %j',
    async (value) => {
      let calls = 0
      const platform = virtualPlatform(() => {
        calls += 1
        return json({})
      })
      const error = await failure(sender(platform, { apiKey: () => value as string })())
      expect(error.message).toContain('The key from the `apiKey` function')
      expect(calls).toBe(0)
    },
  )

  it('replaces the Authorization header of the request, and keeps its user agent', async () => {
    let seen: Headers | undefined
    const platform = virtualPlatform((request) => {
      seen = request.headers
      return json({})
    })
    await sender(platform, { headers: { 'x-a': 'client', 'x-b': 'client' } })({
      headers: { authorization: 'Bearer other', 'user-agent': 'mine/1', 'x-a': 'call' },
    })
    expect(seen?.get('authorization')).toMatch(/^Bearer phx_/)
    expect(seen?.get('user-agent')).toBe('mine/1')
    expect(seen?.get('x-a')).toBe('call')
    expect(seen?.get('x-b')).toBe('client')
  })
})
