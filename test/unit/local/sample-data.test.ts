import { describe, expect, it } from 'vitest'
import { generateSampleData } from '../../../src/local/sample/sample-data.ts'

const NOW = new Date('2026-11-20T10:30:00Z')

describe('the sample data', () => {
  it('is the same for the same seed, count and start', () => {
    expect(generateSampleData(7, 300, NOW)).toEqual(generateSampleData(7, 300, NOW))
  })

  it('differs by seed', () => {
    expect(generateSampleData(7, 50, NOW).events[0]?.uuid).not.toBe(
      generateSampleData(8, 50, NOW).events[0]?.uuid,
    )
  })

  it('contains the requested number of events, from the 90 days before the start, sorted by time', () => {
    const { events, persons } = generateSampleData(1, 1_000, NOW)
    const times = events.map((event) => event.timestamp.getTime())
    expect(events).toHaveLength(1_000)
    expect(persons).toHaveLength(50)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(NOW.getTime() - 90 * 86_400_000)
    expect(Math.max(...times)).toBeLessThan(NOW.getTime())
    expect(times).toEqual([...times].sort((one, other) => one - other))
    expect(new Set(events.map((event) => event.uuid)).size).toBe(1_000)
  })

  it('contains every kind of event, and amounts on purchases', () => {
    const { events } = generateSampleData(1, 3_000, NOW)
    const kinds = ['$autocapture', '$pageleave', '$pageview', 'feature_used', 'purchase', 'sign_up']
    expect([...new Set(events.map((event) => event.event))].sort()).toEqual(kinds)
    const purchases = events.filter((event) => event.event === 'purchase')
    expect(purchases.every((event) => typeof event.properties['amount'] === 'number')).toBe(true)
  })

  it('can consist of a single event', () => {
    expect(generateSampleData(1, 1, NOW).events).toHaveLength(1)
  })
})
