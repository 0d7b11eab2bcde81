import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../src/client/create-client.ts'
import { createPlatform } from '../../../src/runtime/platform.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the platform', () => {
  it('looks for the globals when it uses them', async () => {
    const platform = createPlatform()
    vi.stubGlobal('fetch', async () => new Response('mine'))
    expect(await (await platform.fetch('https://a.test', {})).text()).toBe('mine')
    vi.setSystemTime(5)
    expect(platform.now()).toBe(5)
    expect(platform.random()).toBeLessThan(1)
    expect(platform.monotonic()).toBeGreaterThanOrEqual(0)
  })

  it.each<[string, PropertyDescriptor]>([
    [
      '`process` throws',
      {
        get: () => {
          throw new Error('denied')
        },
      },
    ],
    [
      '`process.env` throws',
      {
        value: Object.defineProperty({}, 'env', {
          get: () => {
            throw new Error('denied')
          },
        }),
      },
    ],
    ['`process` is null', { value: null }],
    ['`process.env` is a text', { value: { env: 'x' } }],
    ['a variable is no text', { value: { env: { POSTHOG_HOST: 5 } } }],
  ])('has an empty environment where %s', (_, descriptor) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'process')
    Object.defineProperty(globalThis, 'process', { ...descriptor, configurable: true })
    try {
      const { env } = createPlatform()
      expect(env['POSTHOG_HOST']).toBeUndefined()
      expect('POSTHOG_HOST' in env).toBe(false)
      expect(() => createClient()).toThrow(/No key/)
    } finally {
      if (before !== undefined) Object.defineProperty(globalThis, 'process', before)
    }
  })

  it('has no environment where there is no process', () => {
    vi.stubGlobal('process', undefined)
    expect(createPlatform().env).toEqual({})
  })

  it('takes a variable that may not be read for one that is not set', () => {
    const denied = {
      get POSTHOG_HOST(): string {
        throw new Error('Requires env access')
      },
      POSTHOG_PROJECT_ID: '7',
    }
    vi.stubGlobal('process', { env: denied })
    const { env } = createPlatform()
    expect(env['POSTHOG_HOST']).toBeUndefined()
    expect(env['POSTHOG_PROJECT_ID']).toBe('7')
  })

  it('takes variables that may not even be looked up for unset ones', () => {
    const refuse = (): never => {
      throw new Error('Requires env access')
    }
    vi.stubGlobal('process', {
      env: new Proxy({}, { get: refuse, has: refuse, getOwnPropertyDescriptor: refuse }),
    })
    expect(createPlatform().env['POSTHOG_HOST']).toBeUndefined()
  })

  it('keeps what is passed in', () => {
    const env = { A: '1' }
    expect(createPlatform({ env, now: () => 7, fetch: undefined })).toMatchObject({ env })
    expect(createPlatform({ now: () => 7 }).now()).toBe(7)
  })
})

describe('sleep', () => {
  const { sleep } = createPlatform({ env: {} })

  it('wakes after its time and leaves nothing', async () => {
    const { signal } = new AbortController()
    const sleeping = sleep(1000, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    await expect(sleeping).resolves.toBeUndefined()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('wakes on abort with the reason and leaves nothing', async () => {
    const controller = new AbortController()
    const sleeping = sleep(1000, controller.signal)
    controller.abort('mine')
    await expect(sleeping).rejects.toBe('mine')
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
    await expect(sleep(1000, controller.signal)).rejects.toBe('mine')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not fire at once when the time is longer than a timer can be', async () => {
    let woken = false
    const controller = new AbortController()
    const sleeping = sleep(1e12, controller.signal).then(
      () => {
        woken = true
      },
      () => {},
    )
    await vi.advanceTimersByTimeAsync(1_000_000)
    expect(woken).toBe(false)
    controller.abort()
    await sleeping
  })
})
