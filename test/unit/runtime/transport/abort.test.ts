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

describe('a scope', () => {
  it('aborts with the error of its timeout', async () => {
    const scope = startDeadline(platform, undefined, 50, late)
    await vi.advanceTimersByTimeAsync(49)
    expect(scope.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(scope.signal.reason).toMatchObject({ message: 'late' })
    scope.end()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['before', 'after'])("aborts with its parent's reason when that aborts %s it opens", (when) => {
    const parent = new AbortController()
    if (when === 'before') parent.abort('mine')
    const scope = startDeadline(platform, watchSignal(parent.signal), 50, late)
    parent.abort('mine')
    expect(scope.signal.reason).toBe('mine')
    scope.end()
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0)
  })

  it('calls back once, at once when it is over already, and not those who left', () => {
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

  it('keeps its parent when it is disarmed, and nothing when it ends', async () => {
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
  it('settles like the promise and leaves the signal alone', async () => {
    const { signal } = new AbortController()
    const scope = watchSignal(signal)
    expect(await untilAbort(Promise.resolve(1), scope)).toBe(1)
    await expect(untilAbort(Promise.reject(new Error('no')), scope)).rejects.toThrow('no')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('rejects with the reason first, and hands a late value over', async () => {
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
