import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/runtime/limits/store.ts'
import { describeStore } from '../../../contract/limits/store-suite.ts'

describeStore('memory', async () => {
  let now = 0
  return {
    store: memoryStore(() => now),
    toleranceMs: 0,
    advance: async (ms) => {
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
          const windowLengths = [100, 350]
          for (const { key, pause } of steps) {
            now += pause
            const windows = windowLengths.map((ms) => ({
              key: `${key} ${ms}`,
              requests: (requests * ms) / 50,
              ms,
            }))
            const request = { windows, gates: [], blocks: [] }
            const first = await store.take(request)
            const fits = windows.every((window) => {
              return (times[key] ?? []).filter((time) => time > now - window.ms).length < window.requests
            })
            const waitMs = first.granted ? 0 : (first.waitMs ?? 0)
            expect(first.granted).toBe(fits)
            expect(waitMs > 0).toBe(!fits)
            now += waitMs
            const second = first.granted ? first : await store.take(request)
            expect(second.granted).toBe(true)
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
