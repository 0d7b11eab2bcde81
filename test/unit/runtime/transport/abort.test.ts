import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPlatform } from '../../../../src/runtime/platform.ts'
import { startDeadline, untilAbort, watchSignal } from '../../../../src/runtime/transport/deadline.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const platform = createPlatform({ env: {} })
const late = (): Error => new Error('late')

describe('startDeadline', () => {
  it('aborts with the error of its timeout', async () => {
    const scope = startDeadline(platform, undefined, 50, late)
    await vi.advanceTimersByTimeAsync(49)
    expect(scope.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(scope.signal.reason).toMatchObject({ message: 'late' })
    scope.end()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['before', 'after'])(
    "aborts with its parent's reason when the parent aborts %s its start",
    (when) => {
      const parent = new AbortController()
      if (when === 'before') parent.abort('mine')
      const scope = startDeadline(platform, watchSignal(parent.signal), 50, late)
      parent.abort('mine')
      expect(scope.signal.reason).toBe('mine')
      scope.end()
      expect(vi.getTimerCount()).toBe(0)
      expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0)
    },
  )

  it('calls each callback once, immediately after an abort, and no removed ones', () => {
    const parent = new AbortController()
    const scope = startDeadline(platform, watchSignal(parent.signal), 50, late)
    const called: string[] = []
    scope.onAbort(() => called.push('stays'))
    scope.onAbort(() => called.push('leaves'))()
    expect(scope.aborted).toBe(false)
    parent.abort('mine')
    scope.onAbort(() => called.push('late'))
    expect(called).toEqual(['stays', 'late'])
    expect(scope.aborted).toBe(true)
    expect(() => scope.throwIfAborted()).toThrow('mine')
  })

  it('keeps its parent after stopTimer, and nothing after end', async () => {
    const parent = new AbortController()
    const scope = startDeadline(platform, watchSignal(parent.signal), 50, late)
    scope.stopTimer()
    await vi.advanceTimersByTimeAsync(100)
    expect(scope.signal.aborted).toBe(false)
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1)
    scope.end()
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('untilAbort', () => {
  it('settles like the promise and removes its listener', async () => {
    const { signal } = new AbortController()
    const scope = watchSignal(signal)
    expect(await untilAbort(Promise.resolve(1), scope)).toBe(1)
    await expect(untilAbort(Promise.reject(new Error('no')), scope)).rejects.toThrow('no')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('rejects with the reason, and passes a late value to onLate', async () => {
    const controller = new AbortController()
    let resolve = (_: string): void => {}
    const slow = new Promise<string>((done) => {
      resolve = done
    })
    const values: string[] = []
    const raced = untilAbort(slow, watchSignal(controller.signal), (value) => values.push(value))
    controller.abort('mine')
    await expect(raced).rejects.toBe('mine')
    resolve('late')
    await slow
    expect(values).toEqual(['late'])
  })
})
