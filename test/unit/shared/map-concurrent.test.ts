import { describe, expect, it } from 'vitest'
import { mapConcurrent } from '../../../src/shared/map-concurrent.ts'

const never = new AbortController().signal

describe('mapConcurrent', () => {
  it('keeps the order of the items and never exceeds the limit', async () => {
    let running = 0
    let max = 0
    const results = await mapConcurrent([5, 4, 3, 2, 1], 2, never, async (item) => {
      running += 1
      max = Math.max(max, running)
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve()
      running -= 1
      return item * 10
    })
    expect(results).toEqual([50, 40, 30, 20, 10])
    expect(max).toBe(2)
  })

  it('aborts running calls, starts no more and throws after a failure', async () => {
    const started: number[] = []
    let reason: unknown
    const failure = new Error('second')
    const work = mapConcurrent([1, 2, 3, 4], 2, never, async (item, signal) => {
      started.push(item)
      if (item === 2) throw failure
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))).catch(
        (error: unknown) => {
          reason = error
          throw error
        },
      )
    })
    await expect(work).rejects.toBe(failure)
    expect(started).toEqual([1, 2])
    expect(reason).toBe(failure)
  })

  it('throws the abort reason of the caller between two items', async () => {
    const user = new AbortController()
    const reason = new Error('interrupted')
    const work = mapConcurrent([1, 2], 1, user.signal, async () => user.abort(reason))
    await expect(work).rejects.toBe(reason)
  })

  it('returns an empty list for an empty list', async () => {
    expect(await mapConcurrent([], 4, never, async () => 1)).toEqual([])
  })
})
