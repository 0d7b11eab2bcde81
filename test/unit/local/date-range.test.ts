import { describe, expect, it } from 'vitest'
import { compareRange } from '../../../src/local/queries/compare-range.ts'
import { type DateRange, dateRange, type RequestedDates } from '../../../src/local/queries/date-range.ts'
import { readInterval, stepDay, stepLabel } from '../../../src/local/queries/interval.ts'

// A Friday.
const NOW = new Date('2026-11-20T10:30:00Z')
const UTC = { timezone: 'UTC', startsWeekOnMonday: false, testAccountFilters: [], pathCleaning: [] }
const range = (dates: RequestedDates, interval = 'day', project = UTC): DateRange =>
  dateRange(dates, readInterval(interval), { project, now: NOW })
const daysOf = ({ steps, interval }: DateRange): string[] => steps.map((step) => stepDay(step, interval))
const days = (dates: RequestedDates | null, interval = 'day'): string[] =>
  daysOf(range(dates ?? {}, interval))

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
    ['-1mStart', '2026-10-01'],
    ['-1q', '2026-08-21'],
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

  it('labels its steps', () => {
    const { steps, interval } = range({ date_from: '-1d', date_to: '-1d' })
    expect(steps.map((step) => stepLabel(step, interval))).toEqual(['19-Nov-2026'])
  })

  it.each(['soon', '-7x', '2026-13-40', '20261120'])('rejects the start %j', (date_from) => {
    expect(() => days({ date_from })).toThrow('400')
  })

  it.each([5, {}, []])('rejects %j as a date', (date_from) => {
    expect(() => days({ date_from })).toThrow('400')
  })

  it('rejects unknown intervals and endless ranges', () => {
    expect(() => days(null, 'fortnight')).toThrow('400')
    expect(() => days({ date_from: '1900-01-01' }, 'hour')).toThrow('400')
  })

  it('steps by minute, quarter and year', () => {
    expect(days({ date_from: '-2M' }, 'minute')).toEqual([
      '2026-11-20 10:28:00',
      '2026-11-20 10:29:00',
      '2026-11-20 10:30:00',
    ])
    expect(days({ date_from: '-3m' }, 'quarter')).toEqual(['2026-07-01', '2026-10-01'])
    expect(days({ date_from: '-1y' }, 'year')).toEqual(['2025-01-01', '2026-01-01'])
  })

  it("uses the project's time zone and start of the week", () => {
    const berlin = range({ date_from: '2026-11-18', date_to: '2026-11-18' }, 'day', {
      ...UTC,
      timezone: 'Europe/Berlin',
    })
    expect(daysOf(berlin)).toEqual(['2026-11-18'])
    expect([berlin.from.toISOString(), berlin.to.toISOString()]).toEqual([
      '2026-11-17T23:00:00.000Z',
      '2026-11-18T22:59:59.999Z',
    ])
    expect(daysOf(range({ date_from: '-7d' }, 'week', { ...UTC, startsWeekOnMonday: true }))).toEqual([
      '2026-11-09',
      '2026-11-16',
    ])
  })

  it('keeps exact ends with explicitDate, and hours of a range of hours', () => {
    const exact = range({
      date_from: '2026-11-18T10:00:00',
      date_to: '2026-11-18T11:00:00',
      explicitDate: true,
    })
    expect([exact.from.toISOString(), exact.to.toISOString()]).toEqual([
      '2026-11-18T10:00:00.000Z',
      '2026-11-18T11:00:00.000Z',
    ])
    expect(range({ date_from: '-24h' }).from.toISOString()).toBe('2026-11-19T10:00:00.000Z')
  })

  it('starts with the first event for all time', () => {
    const all = dateRange({ date_from: 'all' }, 'day', {
      project: UTC,
      now: NOW,
      earliest: new Date('2026-11-18T05:00:00Z'),
    })
    expect(daysOf(all)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20'])
  })
})

describe('the range to compare with', () => {
  const previous = (compare: object, dates: RequestedDates): string[] | undefined => {
    const found = compareRange(compare, range(dates), dates, { project: UTC, now: NOW })
    return found === undefined ? undefined : daysOf(found)
  }

  it('aligns weekdays for ranges of weeks', () => {
    const week = previous({ compare: true }, { date_from: '-7d' })
    expect([week?.length, week?.[0], week?.at(-1)]).toEqual([8, '2026-11-06', '2026-11-13'])
  })

  it('is as long and directly before for other ranges', () => {
    expect(previous({ compare: true }, { date_from: '2026-11-10', date_to: '2026-11-12' })).toEqual([
      '2026-11-07',
      '2026-11-08',
      '2026-11-09',
    ])
  })

  it('is earlier by compare_to', () => {
    expect(previous({ compare: true, compare_to: '-1m' }, { date_from: '-1d' })).toEqual([
      '2026-10-19',
      '2026-10-20',
    ])
  })

  it.each([{ compare: false }, null, {}])('is absent for %j', (filter) => {
    expect(previous(filter as object, {})).toBeUndefined()
  })
})
