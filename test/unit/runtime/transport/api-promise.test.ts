import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { APIPromise } from '../../../../src/runtime/transport/api-promise.ts'
import type { CallResult } from '../../../../src/runtime/transport/http-response.ts'
import { runPending } from '../harness.ts'

const rejections: unknown[] = []
const onRejection = (reason: unknown): void => void rejections.push(reason)

beforeEach(() => {
  rejections.length = 0
  process.on('unhandledRejection', onRejection)
})
afterEach(() => {
  process.off('unhandledRejection', onRejection)
})

const text = ({ bytes }: CallResult): string => new TextDecoder().decode(bytes)
const attempts = [{ attempt: 1, status: 200, waitMs: 0, reason: 'ok' }]
const outcome = (body: string, headers: Record<string, string> = {}): CallResult => {
  const response = new Response(body, { headers })
  return { status: 200, headers: response.headers, bytes: new TextEncoder().encode(body), response, attempts }
}
const failed = (): Promise<CallResult> => Promise.reject(new Error('no'))

describe('APIPromise', () => {
  it('decodes once, however often you await it', async () => {
    let decoded = 0
    const promise = new APIPromise(Promise.resolve(outcome('a')), async (response) => {
      decoded += 1
      return text(response)
    })
    expect(decoded).toBe(0)
    expect(await promise).toBe('a')
    expect(await promise).toBe('a')
    expect((await promise.withResponse()).data).toBe('a')
    expect(decoded).toBe(1)
  })

  it('returns the response, the request id and the attempts', async () => {
    const promise = new APIPromise(Promise.resolve(outcome('a', { 'x-request-id': 'r1' })), text)
    const { response, ...rest } = await promise.withResponse()
    expect(rest).toEqual({ data: 'a', requestId: 'r1', attempts })
    expect(await response.text()).toBe('a')
    expect(await (await promise.asResponse()).text()).toBe('a')
  })

  it('returns the raw response of an undecodable body', async () => {
    const promise = new APIPromise(Promise.resolve(outcome('<html>')), () =>
      Promise.reject(new Error('not JSON')),
    )
    expect(await (await promise.asResponse()).text()).toBe('<html>')
    await runPending()
    expect(rejections).toEqual([])
  })

  it('supports catch and finally', async () => {
    const promise = new APIPromise(failed(), text)
    let finished = 0
    const caught = await promise.finally(() => finished++).catch((error: unknown) => error)
    expect(caught).toMatchObject({ message: 'no' })
    expect(finished).toBe(1)
    expect(await Promise.all([new APIPromise(Promise.resolve(outcome('a')), text)])).toEqual(['a'])
  })

  it.each([
    ['withResponse', (promise: APIPromise<string>) => promise.withResponse()],
    ['asResponse', (promise: APIPromise<string>) => promise.asResponse()],
    ['await', (promise: APIPromise<string>) => promise],
  ])('leaves no unhandled rejection when only %s is used', async (_, use) => {
    const promise = new APIPromise(failed(), text)
    await expect(Promise.resolve(use(promise))).rejects.toThrow('no')
    await runPending()
    expect(rejections).toEqual([])
  })
})
