import { describe, expect, it } from 'vitest'
import { decodeBody, decodeJson, type HttpResponse } from '../../../../src/runtime/transport/http-response.ts'
import { failure } from '../harness.ts'

const call = { operation: 'GET /api/things/' }
const responseOf = (body: string, type = 'application/json'): HttpResponse => {
  const response = new Response(body, { headers: { 'content-type': type } })
  return { status: 200, headers: response.headers, bytes: new TextEncoder().encode(body), response }
}
const fail = (decode: () => unknown): Promise<Record<string, unknown> & Error> =>
  failure(Promise.resolve().then(decode))

describe('decodeJson', async () => {
  it('returns the value', async () => {
    expect(await decodeJson(responseOf('{"a":[1,null]}'), call)).toEqual({ a: [1, null] })
    expect(await decodeJson(responseOf('null'), call)).toBeNull()
  })

  it('ignores a byte order mark', async () => {
    expect(await decodeJson(responseOf('\uFEFF{"a":1}'), call)).toEqual({ a: 1 })
  })

  it.each(['', ' \n'])('returns undefined for an empty body', async (body) => {
    expect(await decodeJson(responseOf(body), call)).toBeUndefined()
  })

  it.each(['text/html; charset=utf-8', 'application/json', ''])(
    'reports an HTML page with the content type "%s"',
    async (type) => {
      const page = `<!doctype html>\n\n<title>PostHog   login</title>${'x'.repeat(500)}`
      const error = await fail(() => decodeJson(responseOf(page, type), call))
      expect(error.name).toBe('DecodeError')
      expect(error.message).toContain('GET /api/things/ returned 200')
      expect(error.message).toContain('<!doctype html> <title>PostHog login</title>')
      expect(error.message.length).toBeLessThan(260)
      expect(error['fix']).toContain('host')
    },
  )

  it('reports the position of invalid JSON without its content', async () => {
    const error = await fail(() => decodeJson(responseOf('{"secret": 1, "b": oops}'), call))
    expect(error.name).toBe('DecodeError')
    expect(error.message).toContain('invalid JSON at character 19 of 24')
    expect(error.message).not.toContain('secret')
    expect(error.cause).toBeUndefined()
  })

  it('reports the end of truncated JSON', async () => {
    expect((await fail(() => decodeJson(responseOf('{"a": [1, 2'), call))).message).toContain(
      'character 11 of 11',
    )
  })
})

describe('decodeBody', async () => {
  it('depends on the content type', async () => {
    expect(await decodeBody(responseOf('a,b\n1,2', 'text/csv; charset=utf-8'), call)).toBe('a,b\n1,2')
    expect(await decodeBody(responseOf('a: 1', 'application/yaml'), call)).toBe('a: 1')
    expect(await decodeBody(responseOf('{"a":1}'), call)).toEqual({ a: 1 })
    expect(await decodeBody(responseOf('x', 'image/png'), call)).toBeInstanceOf(Blob)
  })

  it('rejects HTML', async () => {
    expect((await fail(() => decodeBody(responseOf('<html>', 'text/html'), call))).name).toBe('DecodeError')
  })
})
