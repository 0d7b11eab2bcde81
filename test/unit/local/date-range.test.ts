import { describe, expect, it } from 'vitest'
import { insightRange, stepDay, stepLabel } from '../../../src/local/resources/insights/date-range.ts'

// A Friday.
const NOW = new Date('2026-11-20T10:30:00Z')
const days = (dateRange: object | null, interval = 'day'): string[] => {
  const range = insightRange({ dateRange, interval }, {}, NOW)
  return range.steps.map((step) => stepDay(step, range.interval))
}

describe('the range of an insight', () => {
  it('defaults to the last seven days and today', () => {
    const steps = days(null)
    expect([steps.length, steps[0], steps.at(-1)]).toEqual([8, '2026-11-13', '2026-11-20'])
  })

  it.each([
    ['-1d', '2026-11-19'],
    ['-1w', '2026-11-13'],
    ['-1m', '2026-10-20'],
    ['-1y', '2025-11-20'],
    ['dStart', '2026-11-20'],
    ['mStart', '2026-11-01'],
    ['yStart', '2026-01-01'],
    ['2026-11-05', '2026-11-05'],
    ['2026-11-05T23:59:00', '2026-11-05'],
  ])('from %s starts on %s', (date_from, first) => {
    expect(days({ date_from })[0]).toBe(first)
  })

  it('includes its first and its last day', () => {
    expect(days({ date_from: '2026-11-01', date_to: '2026-11-03' })).toEqual([
      '2026-11-01',
      '2026-11-02',
      '2026-11-03',
    ])
  })

  it('steps by hour, week from Sunday, and month', () => {
    expect(days({ date_from: '-2h' }, 'hour')).toEqual([
      '2026-11-20 08:00:00',
      '2026-11-20 09:00:00',
      '2026-11-20 10:00:00',
    ])
    expect(days({ date_from: '-7d' }, 'week')).toEqual(['2026-11-08', '2026-11-15'])
    expect(days({ date_from: '-1m' }, 'month')).toEqual(['2026-10-01', '2026-11-01'])
  })

  it("prefers the caller's dates to the query's", () => {
    const range = insightRange(
      { dateRange: { date_from: '-90d' } },
      { date_from: '-1d', date_to: '-1d' },
      NOW,
    )
    expect(range.steps.map((step) => stepLabel(step, range.interval))).toEqual(['19-Nov-2026'])
  })

  it.each(['soon', '-7x', '2026-13-40', '20261120'])('rejects the start %j', (date_from) => {
    expect(() => days({ date_from })).toThrow('400')
  })

  it.each([5, {}, []])('rejects %j as a date', (date_from) => {
    expect(() => days({ date_from })).toThrow('400')
  })

  it('rejects unknown intervals and endless ranges', () => {
    expect(() => days(null, 'minute')).toThrow('400')
    expect(() => days({ date_from: '1900-01-01' }, 'hour')).toThrow('400')
  })
})
