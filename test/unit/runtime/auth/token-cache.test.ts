import { describe, expect, it } from 'vitest'
import { createTokenCache, type Token } from '../../../../src/runtime/auth/token-cache.ts'
import { failure, runPending } from '../harness.ts'

/** A cache with a clock and refreshes that the test controls. */
function cached(first: Token | undefined) {
  const state = { now: 0, refreshed: 0 }
  const open: { resolve(token: Token): void; reject(error: Error): void }[] = []
  const cache = createTokenCache(
    first,
    () => {
      state.refreshed += 1
      return new Promise<Token>((resolve, reject) => open.push({ resolve, reject }))
    },
    () => state.now,
  )
  const finish = (value: string, lifetime = 3_600_000): void => {
    open.shift()?.resolve({ value, expiresAt: state.now + lifetime })
  }
  return { state, cache, open, finish }
}

const minutes = (count: number): number => count * 60_000

describe('a token cache', () => {
  it('returns a valid token without a refresh', async () => {
    const { cache, state } = cached({ value: 'a', expiresAt: minutes(60) })
    expect(await cache.get()).toBe('a')
    expect(state.refreshed).toBe(0)
  })

  it('returns a token without expiry until it is rejected', async () => {
    const { cache, state, finish } = cached({ value: 'a', expiresAt: undefined })
    expect(await cache.get()).toBe('a')
    cache.rejected('a')
    const next = cache.get()
    finish('b')
    expect(await next).toBe('b')
    expect(state.refreshed).toBe(1)
  })

  it('refreshes in the background in the last five minutes', async () => {
    const { cache, state, finish } = cached({ value: 'a', expiresAt: minutes(60) })
    state.now = minutes(56)
    expect(await cache.get()).toBe('a')
    expect(await cache.get()).toBe('a')
    expect(state.refreshed).toBe(1)
    finish('b')
    await runPending()
    expect(await cache.get()).toBe('b')
  })

  it.each([59.5, 60, 90])('makes calls wait at %s of 60 minutes', async (at) => {
    const { cache, state, finish } = cached({ value: 'a', expiresAt: minutes(60) })
    state.now = minutes(at)
    const pending = cache.get()
    finish('b')
    expect(await pending).toBe('b')
  })

  it('refreshes once for fifty calls', async () => {
    const { cache, state, finish } = cached(undefined)
    const pending = Array.from({ length: 50 }, () => cache.get())
    finish('a')
    expect(new Set(await Promise.all(pending))).toEqual(new Set(['a']))
    expect(state.refreshed).toBe(1)
  })

  it('ignores a background failure, and retries after half a minute', async () => {
    const { cache, state, open } = cached({ value: 'a', expiresAt: minutes(60) })
    state.now = minutes(56)
    await cache.get()
    open.shift()?.reject(new Error('down'))
    await runPending()
    expect(await cache.get()).toBe('a')
    expect(state.refreshed).toBe(1)
    state.now += 30_000
    expect(await cache.get()).toBe('a')
    expect(state.refreshed).toBe(2)
  })

  it('throws a failure without a valid token, and retries with the next call', async () => {
    const { cache, open, finish } = cached(undefined)
    const pending = cache.get()
    open.shift()?.reject(new Error('down'))
    expect((await failure(pending)).message).toBe('down')
    const next = cache.get()
    finish('a')
    expect(await next).toBe('a')
  })

  it('never returns a rejected token again, and ignores rejections of older ones', async () => {
    const { cache, state, finish } = cached({ value: 'a', expiresAt: minutes(60) })
    cache.rejected('a')
    const pending = cache.get()
    finish('b')
    expect(await pending).toBe('b')
    cache.rejected('a')
    expect(await cache.get()).toBe('b')
    expect(state.refreshed).toBe(1)
  })
})
