import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepAttempts } from '../../../../src/runtime/transport/answer.ts'
import { APIPromise } from '../../../../src/runtime/transport/api-promise.ts'

const rejections: unknown[] = []
const onRejection = (reason: unknown): void => void rejections.push(reason)
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

beforeEach(() => {
  rejections.length = 0
  process.on('unhandledRejection', onRejection)
})
afterEach(() => {
  process.off('unhandledRejection', onRejection)
})

const text = (response: Response): Promise<string> => response.clone().text()

describe('APIPromise', () => {
  it('starts at once, sends once and decodes once', async () => {
    let sent = 0
    let decoded = 0
    const promise = new APIPromise(
      async () => {
        sent += 1
        return new Response('a')
      },
      async (response) => {
        decoded += 1
        return text(response)
      },
    )
    expect(sent).toBe(1)
    expect(await promise).toBe('a')
    expect(await promise).toBe('a')
    expect((await promise.withResponse()).data).toBe('a')
    expect([sent, decoded]).toEqual([1, 1])
  })

  it('gives the response, the request id and the attempts', async () => {
    const response = new Response('a', { headers: { 'x-request-id': 'r1' } })
    const attempts = [{ attempt: 1, status: 200, waitMs: 0, reason: 'ok' }]
    keepAttempts(response, attempts)
    const promise = new APIPromise(async () => response, text)
    expect(await promise.withResponse()).toEqual({ data: 'a', response, requestId: 'r1', attempts })
    expect(await promise.asResponse()).toBe(response)
  })

  it('gives the raw response of a body that cannot be decoded', async () => {
    const promise = new APIPromise(
      async () => new Response('<html>'),
      () => Promise.reject(new Error('not JSON')),
    )
    expect(await (await promise.asResponse()).text()).toBe('<html>')
    await settle()
    expect(rejections).toEqual([])
  })

  it('may be caught and finished like any promise', async () => {
    const failed = new APIPromise(() => Promise.reject(new Error('no')), text)
    let finished = 0
    const caught = await failed.finally(() => finished++).catch((error: unknown) => error)
    expect(caught).toMatchObject({ message: 'no' })
    expect(finished).toBe(1)
    expect(await Promise.all([new APIPromise(async () => new Response('a'), text)])).toEqual(['a'])
  })

  it('rejects when sending throws at once', async () => {
    const promise = new APIPromise(() => {
      throw new Error('at once')
    }, text)
    await expect(promise).rejects.toThrow('at once')
  })

  it.each([
    ['withResponse', (promise: APIPromise<string>) => promise.withResponse()],
    ['asResponse', (promise: APIPromise<string>) => promise.asResponse()],
    ['await', (promise: APIPromise<string>) => promise],
  ])('leaves no rejection unhandled when only %s is used', async (_, use) => {
    const promise = new APIPromise(() => Promise.reject(new Error('no')), text)
    await expect(Promise.resolve(use(promise))).rejects.toThrow('no')
    await settle()
    expect(rejections).toEqual([])
  })
})
