import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LocalKey } from '../../../src/local/http/auth.ts'
import { createQueryGate } from '../../../src/local/http/query-gate.ts'
import { createThrottles, slidingWindow } from '../../../src/local/http/throttles.ts'

describe('a sliding window', () => {
  it('rejects a request over the limit with the wait until the oldest one expires', () => {
    const window = slidingWindow({ requests: 2, seconds: 60 })
    expect([window.take('a', 0), window.take('a', 10_000), window.take('a', 20_000)]).toEqual([0, 0, 40])
  })

  it('does not count rejected requests, and counts each key separately', () => {
    const window = slidingWindow({ requests: 1, seconds: 60 })
    window.take('a', 0)
    window.take('a', 30_000)
    expect(window.take('b', 30_000)).toBe(0)
    expect(window.take('a', 60_000)).toBe(0)
  })
})

describe('throttles', () => {
  const key = (value: string, kind: LocalKey['kind'] = 'personal'): LocalKey => ({ value, kind, scopes: [] })
  const at = (): Date => new Date(0)

  it('allow 240 queries per minute and key', () => {
    const throttles = createThrottles(undefined, at)
    for (let count = 0; count < 240; count += 1) throttles.take('queries', key('a'), 1)
    expect(() => throttles.take('queries', key('a'), 1)).toThrow('429')
    expect(() => throttles.take('default', key('a'), 1)).not.toThrow()
    expect(() => throttles.take('queries', key('b'), 1)).not.toThrow()
  })

  it('count the secret keys of a project together', () => {
    const throttles = createThrottles({ perMinute: 2, perHour: 100 }, at)
    throttles.take('queries', key('a', 'project_secret'), 1)
    throttles.take('queries', key('b', 'project_secret'), 1)
    expect(() => throttles.take('queries', key('c', 'project_secret'), 1)).toThrow('429')
  })

  it('report the longest wait in header and text', () => {
    const throttles = createThrottles({ perMinute: 5, perHour: 1 }, at)
    throttles.take('queries', key('a'), 1)
    expect(() => throttles.take('queries', key('a'), 1)).toThrow(
      expect.objectContaining({
        headers: { 'Retry-After': '3600' },
        body: expect.objectContaining({
          code: 'throttled',
          detail: 'Request was throttled. Expected available in 3600 seconds.',
        }),
      }),
    )
  })

  it('can be turned off', () => {
    const throttles = createThrottles(false, at)
    for (let count = 0; count < 1_000; count += 1) throttles.take('queries', key('a'), 1)
    expect(() => throttles.take('queries', key('a'), 1)).not.toThrow()
  })
})

describe('the query gate', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('rejects the fourth query after its wait, without Retry-After or a leftover timer', async () => {
    vi.useFakeTimers()
    const gate = createQueryGate(3, 30_000)
    const finish: (() => void)[] = []
    const running = [1, 2, 3].map((n) =>
      gate.run(() => new Promise<number>((done) => finish.push(() => done(n)))),
    )
    const fourth = expect(gate.run(async () => 4)).rejects.toMatchObject({ status: 429, headers: {} })
    await vi.advanceTimersByTimeAsync(30_000)
    await fourth
    for (const end of finish) end()
    expect(await Promise.all(running)).toEqual([1, 2, 3])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives a free slot to the longest waiting query, also after a failure', async () => {
    const gate = createQueryGate(1, 1_000)
    const order: number[] = []
    const failing = gate.run(async () => {
      throw new Error('broken')
    })
    const rest = [1, 2].map((n) => gate.run(async () => order.push(n)))
    await expect(failing).rejects.toThrow('broken')
    await Promise.all(rest)
    expect(order).toEqual([1, 2])
    expect(await gate.run(async () => 'free again')).toBe('free again')
  })
})
