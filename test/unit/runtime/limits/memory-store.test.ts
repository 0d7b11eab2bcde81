import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/runtime/limits/store.ts'
import { describeStore } from '../../../contract/limits/store-suite.ts'

describeStore('memory', async () => {
  let now = 0
  return {
    store: memoryStore(() => now),
    tolerance: 0,
    pass: async (ms) => {
      now += ms
    },
  }
})

describe('memoryStore', () => {
  it('never exceeds a limit, and grants after the wait that it reports', async () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b'), pause: fc.nat(40) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 6 }),
        async (steps, requests) => {
          let now = 0
          const store = memoryStore(() => now)
          const times: Record<string, number[]> = { a: [], b: [] }
          const spans = [100, 350]
          for (const { key, pause } of steps) {
            now += pause
            const windows = spans.map((ms) => ({ key: `${key} ${ms}`, requests: (requests * ms) / 50, ms }))
            const request = { windows, gates: [], blocks: [] }
            let grant = await store.take(request)
            const fits = windows.every((window) => {
              return (times[key] ?? []).filter((time) => time > now - window.ms).length < window.requests
            })
            expect(grant.granted).toBe(fits)
            if (!grant.granted) {
              expect(grant.waitMs).toBeGreaterThan(0)
              now += grant.waitMs ?? 0
              grant = await store.take(request)
              expect(grant.granted).toBe(true)
            }
            times[key]?.push(now)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('removes unused keys', async () => {
    let now = 0
    const store = memoryStore(() => now)
    const request = (key: string) => ({ windows: [{ key, requests: 9, ms: 10 }], gates: [], blocks: [] })
    for (let n = 0; n < 5_000; n++) {
      now += 1
      await store.take(request(`key ${n}`))
    }
    expect((await store.usage(request('key 1'))).windows).toEqual({ 'key 1': 0 })
  })
})
