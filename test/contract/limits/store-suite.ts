import { describe, expect, it } from 'vitest'
import type { LimitRequest, LimitStore } from '../../../src/runtime/limits/store.ts'

/** A store under test, and how its time goes by. */
export interface StoreUnderTest {
  readonly store: LimitStore
  /** Lets milliseconds go by. */
  pass(ms: number): Promise<void>
  /** Milliseconds by which a wait may be off. */
  readonly tolerance: number
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

/** What every store has to do, whatever it counts in. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  const granted = async (store: LimitStore, request: LimitRequest): Promise<string> => {
    const grant = await store.take(request)
    if (!grant.granted) throw new Error(`${grant.key} refused`)
    return grant.lease
  }

  describe(`the store of limits in ${name}`, () => {
    it('grants as many claims as fit into a window, and says when the next one fits', async () => {
      const { store, pass, tolerance } = await open()
      const request = requestOf({ windows: [window(2)] })
      await granted(store, request)
      await pass(100)
      await granted(store, request)
      const refusal = await store.take(request)
      expect(refusal).toMatchObject({ granted: false, key: 'w' })
      const { waitMs = 0 } = refusal as { waitMs?: number }
      expect(Math.abs(waitMs - 200)).toBeLessThanOrEqual(tolerance)
      await pass(waitMs)
      await granted(store, request)
      expect(await store.take(request)).toMatchObject({ granted: false })
    })

    it('takes from all windows or from none', async () => {
      const { store } = await open()
      await granted(store, requestOf({ windows: [window(1, 'full')] }))
      const both = requestOf({ windows: [window(5, 'free'), window(1, 'full')], gates: [gate(1)] })
      expect(await store.take(both)).toMatchObject({ granted: false, key: 'full' })
      expect(await store.usage(both)).toEqual({ windows: { free: 0, full: 1 }, gates: { g: 0 }, blocks: {} })
    })

    it('tells the longest wait of those that refuse', async () => {
      const { store, tolerance } = await open()
      const both = requestOf({ windows: [window(1, 'short', 200), window(1, 'long', 900)] })
      await granted(store, both)
      const refusal = await store.take(both)
      expect(refusal).toMatchObject({ granted: false, key: 'long' })
      expect(Math.abs(Number((refusal as { waitMs?: number }).waitMs) - 900)).toBeLessThanOrEqual(tolerance)
    })

    it('lets no more through a gate than it has places, however many come at once', async () => {
      const { store } = await open()
      const request = requestOf({ gates: [gate(3)] })
      const grants = await Promise.all(Array.from({ length: 50 }, () => store.take(request)))
      expect(grants.filter((grant) => grant.granted)).toHaveLength(3)
      expect(grants.find((grant) => !grant.granted)).toEqual({ granted: false, key: 'g', waitMs: undefined })
    })

    it('gives a place back once, however often it is said', async () => {
      const { store } = await open()
      const request = requestOf({ gates: [gate(2)] })
      const lease = await granted(store, request)
      await granted(store, request)
      await store.release(request, lease)
      await store.release(request, lease)
      await granted(store, request)
      expect(await store.take(request)).toMatchObject({ granted: false })
    })

    it('frees a place that nobody gave back when its lease is over', async () => {
      const { store, pass } = await open()
      const request = requestOf({ gates: [gate(1, 'g', 150)] })
      await granted(store, request)
      expect(await store.take(request)).toMatchObject({ granted: false })
      await pass(200)
      await granted(store, request)
    })

    it('takes a request back that the server did not count', async () => {
      const { store } = await open()
      const request = requestOf({ windows: [window(1)] })
      const lease = await granted(store, request)
      await store.undo(request, lease)
      await store.undo(request, lease)
      await granted(store, request)
      expect((await store.usage(request)).windows).toEqual({ w: 1 })
    })

    it('refuses what is blocked, until the block that ends last is over', async () => {
      const { store, pass, tolerance } = await open()
      const request = requestOf({ windows: [window(9)], blocks: ['b'] })
      await store.block('b', 300)
      await store.block('b', 50)
      const refusal = await store.take(request)
      expect(refusal).toMatchObject({ granted: false, key: 'b' })
      expect(Math.abs(Number((refusal as { waitMs?: number }).waitMs) - 300)).toBeLessThanOrEqual(tolerance)
      await granted(store, requestOf({ windows: [window(9)] }))
      await pass(310)
      await granted(store, request)
      expect((await store.usage(request)).blocks).toEqual({})
    })

    it('judges by the limits of the request at hand, which may have become lower', async () => {
      const { store } = await open()
      for (let n = 0; n < 3; n++) await granted(store, requestOf({ windows: [window(5)] }))
      expect(await store.take(requestOf({ windows: [window(2)] }))).toMatchObject({
        granted: false,
        key: 'w',
      })
      await granted(store, requestOf({ windows: [window(5)] }))
    })

    it('keeps keys apart', async () => {
      const { store } = await open()
      await granted(store, requestOf({ windows: [window(1, 'a')], gates: [gate(1, 'a')] }))
      await granted(store, requestOf({ windows: [window(1, 'b')], gates: [gate(1, 'b')] }))
    })

    it('tells how much is used', async () => {
      const { store, pass } = await open()
      const request = requestOf({ windows: [window(5)], gates: [gate(5)], blocks: ['b', 'c'] })
      const lease = await granted(store, request)
      await granted(store, request)
      await store.release(request, lease)
      expect(await store.usage(request)).toEqual({ windows: { w: 2 }, gates: { g: 1 }, blocks: {} })
      await store.block('b', 10_000)
      const { blocks } = await store.usage(request)
      expect(Object.keys(blocks)).toEqual(['b'])
      await pass(310)
      expect((await store.usage(request)).windows).toEqual({ w: 0 })
    })
  })
}
