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

describe('createPlatform', () => {
  it('reads the globals on use', async () => {
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
    ['`process.env` is a string', { value: { env: 'x' } }],
    ['a variable is not a string', { value: { env: { POSTHOG_HOST: 5 } } }],
  ])('has an empty environment where %s', (_, descriptor) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'process')
    Object.defineProperty(globalThis, 'process', { ...descriptor, configurable: true })
    try {
      const { env } = createPlatform()
      expect(env['POSTHOG_HOST']).toBeUndefined()
      expect('POSTHOG_HOST' in env).toBe(false)
      expect(() => createClient()).toThrow(/No API key/)
    } finally {
      if (before !== undefined) Object.defineProperty(globalThis, 'process', before)
    }
  })

  it('has an empty environment without a process', () => {
    vi.stubGlobal('process', undefined)
    expect(createPlatform().env).toEqual({})
  })

  it('treats an unreadable variable as not set', () => {
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

  it('treats variables as not set when the lookup itself throws', () => {
    const refuse = (): never => {
      throw new Error('Requires env access')
    }
    vi.stubGlobal('process', {
      env: new Proxy({}, { get: refuse, has: refuse, getOwnPropertyDescriptor: refuse }),
    })
    expect(createPlatform().env['POSTHOG_HOST']).toBeUndefined()
  })

  it('uses the overrides', () => {
    const env = { A: '1' }
    expect(createPlatform({ env, now: () => 7, fetch: undefined })).toMatchObject({ env })
    expect(createPlatform({ now: () => 7 }).now()).toBe(7)
  })
})

describe('sleep', () => {
  const { sleep } = createPlatform({ env: {} })

  it('resolves after its time and leaves no timer', async () => {
    const { signal } = new AbortController()
    const sleeping = sleep(1000, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    await expect(sleeping).resolves.toBeUndefined()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects with the reason on abort and leaves no timer', async () => {
    const controller = new AbortController()
    const sleeping = sleep(1000, controller.signal)
    controller.abort('mine')
    await expect(sleeping).rejects.toBe('mine')
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
    await expect(sleep(1000, controller.signal)).rejects.toBe('mine')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not fire at once for a time beyond the maximum of timers', async () => {
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
