import { describe, expect, it } from 'vitest'
import { createTimeWindows } from '../../../../src/resources/query/stream/time-windows.ts'

const hour = 3_600_000
const range = { column: 't', from: '2026-01-01', to: '2026-02-01', size: 8 * hour }
const start = Date.parse(range.from)

/** Windows with a width of 8 hours, and the current width in hours. */
function createWindows(): { windows: ReturnType<typeof createTimeWindows>; hours: () => number } {
  const windows = createTimeWindows(range)
  return { windows, hours: () => (windows.end(start) - start) / hour }
}

describe('the width of a time window', () => {
  it('doubles after a fast query, and halves after a timeout', () => {
    const { windows, hours } = createWindows()
    windows.recordDuration(8 * hour, 100)
    expect(hours()).toBe(16)
    windows.recordDuration(16 * hour, 3_000)
    expect(hours()).toBe(16)
    expect(windows.narrow(16 * hour)).toBe(true)
    expect(hours()).toBe(8)
  })

  it('narrows to what fills 90 % of a page', () => {
    const { windows, hours } = createWindows()
    windows.recordRows(8 * hour, 2_000, 1_000)
    expect(hours()).toBeCloseTo(3.6)
  })

  it('grows after fast queries up to what fills 90 % of a page', () => {
    const { windows, hours } = createWindows()
    windows.recordRows(8 * hour, 500, 1_000)
    windows.recordDuration(8 * hour, 100)
    expect(hours()).toBeCloseTo(14.4)
    windows.recordDuration(hours() * hour, 100)
    expect(hours()).toBeCloseTo(14.4)
  })

  it('stays the same after the short rest of a window, but not after a full page', () => {
    const { windows, hours } = createWindows()
    windows.recordRows(hour, 999, 1_000)
    expect(hours()).toBe(8)
    windows.recordRows(hour, 1_000, 1_000)
    expect(hours()).toBeCloseTo(0.9)
  })

  it('stays the same after a range without rows', () => {
    const { windows, hours } = createWindows()
    windows.recordRows(8 * hour, 0, 1_000)
    expect(hours()).toBe(8)
  })
})
