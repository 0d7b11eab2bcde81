import { describe, expect, it } from 'vitest'
import type { LimitRequest, LimitStore } from '../../../src/runtime/limits/store.ts'

/** A store under test and its clock. */
export interface StoreUnderTest {
  readonly store: LimitStore
  /** Advances the clock of the store. */
  advance(ms: number): Promise<void>
  /** Maximum deviation of a reported wait. */
  readonly toleranceMs: number
}

const requestOf = (more: Partial<LimitRequest> = {}): LimitRequest => ({
  windows: [],
  gates: [],
  blocks: [],
  ...more,
})
const window = (requests: number, key = 'w', ms = 300): LimitRequest['windows'][number] => ({
  key,
  requests,
  ms,
})
const gate = (places: number, key = 'g', leaseMs = 60_000): LimitRequest['gates'][number] => ({
  key,
  places,
  leaseMs,
})

/** The tests that every limit store passes. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  const takeLease = async (store: LimitStore, request: LimitRequest): Promise<string> => {
    const decision = await store.take(request)
    expect(decision).toMatchObject({ granted: true, lease: expect.any(String) })
    return decision.granted ? decision.lease : ''
  }

  describe(`a limit store in ${name}`, () => {
    it('grants as many requests as a window allows, and reports the wait for the next one', async () => {
      const { store, advance, toleranceMs } = await open()
      const request = requestOf({ windows: [window(2)] })
      await takeLease(store, request)
      await advance(100)
      await takeLease(store, request)
      const denial = await store.take(request)
      expect(denial).toMatchObject({ granted: false, key: 'w' })
      const { waitMs = 0 } = denial as { waitMs?: number }
      expect(Math.abs(waitMs - 200)).toBeLessThanOrEqual(toleranceMs)
      await advance(waitMs)
      await takeLease(store, request)
      expect(await store.take(request)).toMatchObject({ granted: false })
    })

    it('counts in all windows and gates or in none', async () => {
      const { store } = await open()
      await takeLease(store, requestOf({ windows: [window(1, 'full')] }))
      const both = requestOf({ windows: [window(5, 'free'), window(1, 'full')], gates: [gate(1)] })
      expect(await store.take(both)).toMatchObject({ granted: false, key: 'full' })
      expect(await store.usage(both)).toEqual({ windows: { free: 0, full: 1 }, gates: { g: 0 }, blocks: {} })
    })

    it('reports the longest wait of the limits that deny a request', async () => {
      const { store, toleranceMs } = await open()
      const both = requestOf({ windows: [window(1, 'short', 200), window(1, 'long', 900)] })
      await takeLease(store, both)
      const denial = await store.take(both)
      expect(denial).toMatchObject({ granted: false, key: 'long' })
      expect(Math.abs(Number((denial as { waitMs?: number }).waitMs) - 900)).toBeLessThanOrEqual(toleranceMs)
    })

    it('never grants more concurrent requests than a gate has places', async () => {
      const { store } = await open()
      const request = requestOf({ gates: [gate(3)] })
      const grants = await Promise.all(Array.from({ length: 50 }, () => store.take(request)))
      expect(grants.filter((grant) => grant.granted)).toHaveLength(3)
      expect(grants.find((grant) => !grant.granted)).toEqual({ granted: false, key: 'g', waitMs: undefined })
    })

    it('releases a place only once, however often you release it', async () => {
      const { store } = await open()
      const request = requestOf({ gates: [gate(2)] })
      const lease = await takeLease(store, request)
      await takeLease(store, request)
      await store.release(request, lease)
      await store.release(request, lease)
      await takeLease(store, request)
      expect(await store.take(request)).toMatchObject({ granted: false })
    })

    it('releases a place when its lease expires', async () => {
      const { store, advance } = await open()
      const request = requestOf({ gates: [gate(1, 'g', 150)] })
      await takeLease(store, request)
      expect(await store.take(request)).toMatchObject({ granted: false })
      await advance(200)
      await takeLease(store, request)
    })

    it('undoes a request only once, however often you undo it', async () => {
      const { store } = await open()
      const request = requestOf({ windows: [window(1)] })
      const lease = await takeLease(store, request)
      await store.undo(request, lease)
      await store.undo(request, lease)
      await takeLease(store, request)
      expect((await store.usage(request)).windows).toEqual({ w: 1 })
    })

    it('denies a blocked request until the longest block ends', async () => {
      const { store, advance, toleranceMs } = await open()
      const request = requestOf({ windows: [window(9)], blocks: ['b'] })
      await store.block('b', 300)
      await store.block('b', 50)
      const denial = await store.take(request)
      expect(denial).toMatchObject({ granted: false, key: 'b' })
      expect(Math.abs(Number((denial as { waitMs?: number }).waitMs) - 300)).toBeLessThanOrEqual(toleranceMs)
      await takeLease(store, requestOf({ windows: [window(9)] }))
      await advance(310)
      await takeLease(store, request)
      expect((await store.usage(request)).blocks).toEqual({})
    })

    it('applies the limits of the current request, even if they are lower than before', async () => {
      const { store } = await open()
      for (let n = 0; n < 3; n++) await takeLease(store, requestOf({ windows: [window(5)] }))
      expect(await store.take(requestOf({ windows: [window(2)] }))).toMatchObject({
        granted: false,
        key: 'w',
      })
      await takeLease(store, requestOf({ windows: [window(5)] }))
    })

    it('counts each key separately', async () => {
      const { store } = await open()
      await takeLease(store, requestOf({ windows: [window(1, 'a')], gates: [gate(1, 'a')] }))
      await takeLease(store, requestOf({ windows: [window(1, 'b')], gates: [gate(1, 'b')] }))
    })

    it('reports the usage', async () => {
      const { store, advance } = await open()
      const request = requestOf({ windows: [window(5)], gates: [gate(5)], blocks: ['b', 'c'] })
      const lease = await takeLease(store, request)
      await takeLease(store, request)
      await store.release(request, lease)
      expect(await store.usage(request)).toEqual({ windows: { w: 2 }, gates: { g: 1 }, blocks: {} })
      await store.block('b', 10_000)
      const { blocks } = await store.usage(request)
      expect(Object.keys(blocks)).toEqual(['b'])
      await advance(310)
      expect((await store.usage(request)).windows).toEqual({ w: 0 })
    })
  })
}
