import { describe, expect, it, vi } from 'vitest'
import { hogql } from '../../../../src/index.ts'
import { fakeServer } from '../../fake-server.ts'
import { heldServer, rowOf, running, turns } from './responses.ts'

const one = hogql<{ n: number }>`select 1 as n`
const reason = new Error('enough')
const never = (): Promise<never> => new Promise(() => {})
/** What was sent, without the ids of queries. */
const methods = ({ lines }: { readonly lines: () => string[] }): string[] =>
  lines().map((line) => line.split(' ')[0] ?? '')

describe('a query in the background that is aborted', () => {
  it('settles at once, whatever becomes of the DELETE', async () => {
    const server = fakeServer(({ method }) => (method === 'DELETE' ? never() : running()))
    const controller = new AbortController()
    const left = server.client().hogql(one, { async: true, signal: controller.signal }).rows()
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST']))
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST', 'DELETE']))
  })

  it('passes any reason on as it is, and survives a DELETE that fails', async () => {
    const server = fakeServer(({ method }) => {
      if (method === 'DELETE') throw new TypeError('fetch failed')
      return running()
    })
    const controller = new AbortController()
    const left = server.client().hogql(one, { async: true, signal: controller.signal }).rows()
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST']))
    controller.abort('a text')
    await expect(left).rejects.toBe('a text')
    await vi.waitFor(() => expect(methods(server)).toContain('DELETE'))
    await turns()
  })

  it('is cancelled with the headers of its call', async () => {
    const server = heldServer()
    const controller = new AbortController()
    const call = { async: true, signal: controller.signal, headers: { 'x-access': 'a' } }
    const left = server.client().hogql(one, call).rows()
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST']))
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST', 'DELETE']))
    expect(server.requests[1]?.headers.get('x-access')).toBe('a')
  })

  it('needs no DELETE when its request never left', async () => {
    const server = heldServer()
    const apiKey = vi.fn(never)
    const controller = new AbortController()
    const left = server.client({ apiKey }).hogql(one, { async: true, signal: controller.signal }).rows()
    await vi.waitFor(() => expect(apiKey).toHaveBeenCalled())
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    await turns()
    expect(server.requests).toEqual([])
  })

  it('needs no DELETE when it is done already', async () => {
    const server = fakeServer(() => rowOf(1))
    const controller = new AbortController()
    const posthog = server.client()
    expect(await posthog.hogql(one, { async: true, signal: controller.signal }).one()).toEqual({ n: 1 })
    controller.abort(reason)
    await turns()
    expect(methods(server)).toEqual(['POST'])
  })

  it.each([0, -1, Number.NaN])('needs a totalTimeout above 0: %s is refused', async (totalTimeout) => {
    const server = fakeServer(() => rowOf(1))
    const wrong = server.client().hogql(one, { async: true, totalTimeout }).rows()
    await expect(wrong).rejects.toThrow('`totalTimeout`')
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
  ])('that %s ends neither the query nor the process', async (_, onProgress) => {
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

  it('ends its other queries when one fails, whose error it throws', async () => {
    const server = heldServer()
    const all = server.client().hogql.all(queries)
    const outcome = expect(all).rejects.toMatchObject({ name: 'BadRequestError' })
    await vi.waitFor(() => expect(server.requests).toHaveLength(3))
    server.answer(Response.json({ type: 'validation_error', detail: 'x' }, { status: 400 }))
    await outcome
    expect(server.aborted()).toBeGreaterThanOrEqual(2)
  })

  it('cancels its other queries in the background', async () => {
    let posts = 0
    const server = fakeServer(({ method }) => {
      if (method !== 'POST') return Response.json({})
      posts += 1
      return posts < 3 ? running() : Response.json({ type: 'validation_error', detail: 'x' }, { status: 400 })
    })
    await expect(server.client().hogql.all(queries, { async: true })).rejects.toMatchObject({ status: 400 })
    await vi.waitFor(() => expect(methods(server)).toEqual(['POST', 'POST', 'POST', 'DELETE', 'DELETE']))
  })

  it("obeys the caller's signal, and leaves no listener on it", async () => {
    const server = heldServer()
    const controller = new AbortController()
    const removed = vi.spyOn(controller.signal, 'removeEventListener')
    const all = server.client().hogql.all(queries, { signal: controller.signal })
    const outcome = expect(all).rejects.toBe(reason)
    await vi.waitFor(() => expect(server.requests).toHaveLength(3))
    controller.abort(reason)
    await outcome
    expect(removed).toHaveBeenCalled()
  })

  it('gives the rows of each, and nothing for no query', async () => {
    const server = fakeServer((_, call) => rowOf(call))
    const { a, b, c } = await server.client().hogql.all(queries)
    expect([a.rows, b.rows, c.rows]).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]])
    expect(await server.client().hogql.all({})).toEqual({})
  })
})
