import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, serverWait } from '../../../../src/runtime/retry/timing.ts'

const now = Date.UTC(2026, 0, 1)
const sentence = (text: string): string => `Request was throttled. Expected available in ${text}.`
const waitFor = (retryAfter: string | null, detail?: string, date?: string): number | undefined => {
  const headers: Record<string, string | null | undefined> = { 'retry-after': retryAfter, date }
  return serverWait({ get: (name) => headers[name] ?? null }, detail, now)
}

describe('serverWait', () => {
  it.each([
    ['41', undefined, 41_000],
    [' 1 ', undefined, 1000],
    ['0', undefined, 0],
    ['3600', undefined, 3_600_000],
    ['Thu, 01 Jan 2026 00:00:10 GMT', undefined, 10_000],
    ['Thursday, 01-Jan-26 00:00:10 GMT', undefined, 10_000],
    ['Thu Jan  1 00:00:10 2026', undefined, 10_000],
    ['Thu Jan 01 00:00:10 2026', undefined, 10_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', undefined, 0],
    // More than 50 years ahead: 1977.
    ['Saturday, 01-Jan-77 00:00:10 GMT', undefined, 0],
    [null, sentence('41 seconds'), 41_000],
    [null, sentence('1 second'), 1000],
    ['7', sentence('41 seconds'), 7000],
    ['soon', sentence('41 seconds'), 41_000],
  ])('reads "%s" and "%s"', (header, detail, expected) => {
    expect(waitFor(header, detail)).toBe(expected)
  })

  it.each([
    '3601',
    '86400',
    '9999999999',
    'Fri, 02 Jan 2026 00:00:00 GMT',
    'Thursday, 01-Jan-76 00:00:00 GMT',
    'Fri Jan  1 00:00:00 9999',
  ])('limits "%s" to an hour', (header) => {
    expect(waitFor(header)).toBe(3_600_000)
  })

  it.each([
    ['Thu, 01 Jan 2026 10:00:10 GMT', 'Thu, 01 Jan 2026 10:00:00 GMT'],
    ['Thursday, 01-Jan-26 03:00:10 GMT', 'Thu Jan  1 03:00:00 2026'],
    ['Mon, 01 Jan 2024 00:00:10 GMT', 'Mon, 01 Jan 2024 00:00:00 GMT'],
  ])('measures "%s" against the Date of the response, %s', (header, date) => {
    expect(waitFor(header, undefined, date)).toBe(10_000)
  })

  it('measures a date against the local clock when the Date of the response is malformed', () => {
    expect(waitFor('Thu, 01 Jan 2026 00:00:10 GMT', undefined, 'yesterday')).toBe(10_000)
  })

  it.each([
    [null, undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['Infinity', undefined],
    ['9'.repeat(400), undefined],
    ['5, 10', undefined],
    ['41 seconds', undefined],
    ['2026-01-01T00:00:10Z', undefined],
    ['Thu, 99 Jan 2026 00:00:10 GMT', undefined],
    ['Thu, 00 Jan 2026 00:00:10 GMT', undefined],
    ['Sat, 31 Feb 2026 00:00:10 GMT', undefined],
    ['Sun, 29 Feb 2026 00:00:10 GMT', undefined],
    ['Thu, 01 Jan 2026 24:00:00 GMT', undefined],
    ['Thu, 01 Jan 2026 00:60:00 GMT', undefined],
    ['Thu, 01 Jan 2026 00:00:61 GMT', undefined],
    ['Thu, 1 Jan 2026 00:00:10 GMT', undefined],
    ['Thu, 01 Jan 2026 00:00:10', undefined],
    ['Thu, 01 Jan 2026 00:00:10 UTC', undefined],
    ['Thu, 01 jan 2026 00:00:10 GMT', undefined],
    ['Thu, 01 Foo 2026 00:00:10 GMT', undefined],
    ['Foo, 01 Jan 2026 00:00:10 GMT', undefined],
    ['Thu, 01-Jan-26 00:00:10 GMT', undefined],
    ['Thursday, 01-Jan-2026 00:00:10 GMT', undefined],
    ['Thu Jan 1 00:00:10 2026', undefined],
    ['Thu Jan  1 00:00:10 2026 GMT', undefined],
    [null, 'Too many queries are running right now'],
    [null, 'Expected available in a while.'],
    [null, `Expected available in ${'9'.repeat(400)} seconds.`],
  ])('ignores "%s" and "%s"', (header, detail) => {
    expect(waitFor(header, detail)).toBeUndefined()
  })

  const space = fc.array(fc.constantFrom(' ', '\t'), { maxLength: 3 }).map((parts) => parts.join(''))

  it('reads integer seconds with surrounding whitespace, up to an hour', () => {
    fc.assert(
      fc.property(fc.nat(3_600), space, space, fc.string(), (seconds, before, after, detail) => {
        expect(waitFor(`${before}${seconds}${after}`, detail)).toBe(seconds * 1_000)
      }),
    )
  })

  it('reads every future HTTP date to the second', () => {
    const date = fc.integer({ min: -86_400, max: 3_600 })
    fc.assert(
      fc.property(date, space, (seconds, around) => {
        const header = `${around}${new Date(now + seconds * 1_000).toUTCString()}${around}`
        expect(waitFor(header)).toBe(Math.max(0, seconds * 1_000))
      }),
    )
  })

  it('ignores any other string', () => {
    const sign = fc.constantFrom('-', '+', '.', 'e', 'x', ',', ';', ':', 's')
    fc.assert(
      fc.property(fc.nat().map(String), sign, fc.nat(99), (digits, character, at) => {
        const position = at % (digits.length + 1)
        const header = digits.slice(0, position) + character + digits.slice(position)
        expect(waitFor(header)).toBeUndefined()
      }),
    )
  })

  it('never returns a wait above an hour', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.bigInt({ min: 0n }).map(String)),
        fc.string(),
        fc.string(),
        (header, detail, date) => {
          const wait = waitFor(header, detail, date)
          return wait === undefined || (wait >= 0 && wait <= 3_600_000)
        },
      ),
    )
  })
})

describe('backoff', () => {
  const policy = { initialDelay: 500, maxDelay: 20_000 }

  it('doubles its maximum up to maxDelay', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => backoff(attempt, policy, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000,
    ])
  })

  it('is an integer up to maxDelay for every attempt and random number', () => {
    const attempts = fc.integer({ min: 1, max: 1_000_000 })
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const delays = fc.record({
      initialDelay: fc.integer({ min: 1, max: 1e6 }),
      maxDelay: fc.integer({ min: 1, max: 1e6 }),
    })
    fc.assert(
      fc.property(attempts, chance, delays, (attempt, random, given) => {
        const wait = backoff(attempt, given, random)
        expect(Number.isInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(given.maxDelay)
        // A later attempt never has a lower ceiling.
        expect(backoff(attempt + 1, given, 1)).toBeGreaterThanOrEqual(backoff(attempt, given, 1))
      }),
    )
  })

  it('covers the full range', () => {
    expect([0, 0.25, 0.5].map((random) => backoff(2, policy, random))).toEqual([0, 250, 500])
  })
})
