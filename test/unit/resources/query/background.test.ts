import { describe, expect, it, vi } from 'vitest'
import { hogql } from '../../../../src/index.ts'
import { fakeServer } from '../../fake-server.ts'
import { runPending } from '../../runtime/harness.ts'
import { manualServer, rowOf, running } from './responses.ts'

const one = hogql<{ n: number }>`select 1 as n`
const reason = new Error('enough')
const never = (): Promise<never> => new Promise(() => {})
/** The methods of the requests. */
const methods = ({ lines }: { readonly lines: () => string[] }): string[] =>
  lines().map((line) => line.split(' ')[0] ?? '')

describe('an aborted background query', () => {
  it('rejects at once, even if the DELETE hangs', async () => {
    const server = fakeServer(({ method }) => (method === 'DELETE' ? never() : running()))
    const controller = new AbortController()
    const aborted = server.client().hogql(one, { async: true, signal: controller.signal }).rows()
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST']))
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST', 'DELETE']))
  })

  it('rejects with any reason unchanged, even if the DELETE fails', async () => {
    const server = fakeServer(({ method }) => {
      if (method === 'DELETE') throw new TypeError('fetch failed')
      return running()
    })
    const controller = new AbortController()
    const aborted = server.client().hogql(one, { async: true, signal: controller.signal }).rows()
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST']))
    controller.abort('a string')
    await expect(aborted).rejects.toBe('a string')
    await vi.waitFor(() => expect(methods(server)).toContain('DELETE'))
    await runPending()
  })

  it('is canceled with the headers of its call', async () => {
    const server = manualServer()
    const controller = new AbortController()
    const call = { async: true, signal: controller.signal, headers: { 'x-access': 'a' } }
    const aborted = server.client().hogql(one, call).rows()
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST']))
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST', 'DELETE']))
    expect(server.requests[1]?.headers.get('x-access')).toBe('a')
  })

  it('sends no DELETE if it was never sent', async () => {
    const server = manualServer()
    const apiKey = vi.fn(never)
    const controller = new AbortController()
    const aborted = server.client({ apiKey }).hogql(one, { async: true, signal: controller.signal }).rows()
    await vi.waitFor(() => expect(apiKey).toHaveBeenCalled())
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)
    await runPending()
    expect(server.requests).toEqual([])
  })

  it('sends no DELETE if it has finished', async () => {
    const server = fakeServer(() => rowOf(1))
    const controller = new AbortController()
    const posthog = server.client()
    expect(await posthog.hogql(one, { async: true, signal: controller.signal }).one()).toEqual({ n: 1 })
    controller.abort(reason)
    await runPending()
    expect(methods(server)).toEqual(['POST'])
  })

  it.each([0, -1, Number.NaN])('rejects the totalTimeout %s', async (totalTimeout) => {
    const server = fakeServer(() => rowOf(1))
    const call = server.client().hogql(one, { async: true, totalTimeout }).rows()
    await expect(call).rejects.toThrow('`totalTimeout`')
    expect(server.requests).toEqual([])
  })
})

describe('onProgress', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw reason
      },
    ],
    ['rejects', () => Promise.reject(reason)],
    [
      'returns a broken thenable',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: this is what the test is about
        get then(): never {
          throw reason
        },
      }),
    ],
  ])('that %s does not fail the query', async (_, onProgress) => {
    const errors: string[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (text: string) => void errors.push(text) }
    const server = fakeServer(({ method }) => (method === 'GET' ? rowOf(1) : running()))
    const call = { async: true, onProgress: onProgress as () => void }
    expect(await server.client({ logger }).hogql(one, call).one()).toEqual({ n: 1 })
    expect(errors).toEqual(['The hook onProgress failed: Error: enough'])
  })
})

describe('hogql.all', () => {
  const queries = { a: one, b: hogql`select 2 as n`, c: hogql`select 3 as n` }

  it('aborts its other queries when one fails, and throws its error', async () => {
    const server = manualServer()
    const all = server.client().hogql.all(queries)
    const outcome = expect(all).rejects.toMatchObject({ name: 'BadRequestError' })
    await vi.waitFor(() => expect(server.requests).toHaveLength(3))
    server.respond(Response.json({ type: 'validation_error', detail: 'x' }, { status: 400 }))
    await outcome
    expect(server.aborted()).toBeGreaterThanOrEqual(2)
  })

  it('cancels its other background queries when one fails', async () => {
    let posts = 0
    const server = fakeServer(({ method }) => {
      if (method !== 'POST') return Response.json({})
      posts += 1
      return posts < 3 ? running() : Response.json({ type: 'validation_error', detail: 'x' }, { status: 400 })
    })
    await expect(server.client().hogql.all(queries, { async: true })).rejects.toMatchObject({ status: 400 })
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST', 'POST', 'POST', 'DELETE', 'DELETE']))
  })

  it("aborts with the caller's signal and removes its listener", async () => {
    const server = manualServer()
    const controller = new AbortController()
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    const all = server.client().hogql.all(queries, { signal: controller.signal })
    const outcome = expect(all).rejects.toBe(reason)
    await vi.waitFor(() => expect(server.requests).toHaveLength(3))
    controller.abort(reason)
    await outcome
    expect(removed).toHaveBeenCalled()
  })

  it('returns the rows of each query, and nothing for no queries', async () => {
    const server = fakeServer((_, call) => rowOf(call))
    const { a, b, c } = await server.client().hogql.all(queries)
    expect([a.rows, b.rows, c.rows]).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]])
    expect(await server.client().hogql.all({})).toEqual({})
  })
})
