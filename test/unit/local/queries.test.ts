import { describe, expect, it } from 'vitest'
import { parseElementsChain } from '../../../src/local/queries/events/elements-chain.ts'
import type { FunnelEvent } from '../../../src/local/queries/funnels/funnel-events.ts'
import { walkFunnel } from '../../../src/local/queries/funnels/walk-funnel.ts'
import { addActivity } from '../../../src/local/queries/retention.ts'
import { columnName, isAggregate, withoutAlias } from '../../../src/local/queries/select-columns.ts'
import { parseSelector, selectorRegex } from '../../../src/local/queries/selector-regex.ts'
import { semverRange } from '../../../src/local/queries/semver-range.ts'
import { compileFormula } from '../../../src/local/queries/trends/formula.ts'
import { isoWithOffset, toInstant, toWall, wallText } from '../../../src/local/queries/zoned-time.ts'

describe('formulas', () => {
  it.each([
    ['A + B * 2', 7],
    ['(A + B) * 2', 8],
    ['A / 0', 0],
    ['A % 0', 0],
    ['-A + 5', 4],
    ['-7 % B', 2],
    ['B ** 2 ** 1', 9],
    ['-B ** 2', -9],
    ['a + b', 4],
    ['.5 * B', 1.5],
    ['A - B - 1', -3],
  ])('%s is %d', (formula, value) => {
    expect(compileFormula(formula)([1, 3])).toBe(value)
  })

  it.each(['', 'A +', '(A', 'A)', 'AB', 'A ! B', '1 2'])('%j is rejected', (formula) => {
    expect(() => compileFormula(formula)([1, 3])).toThrow('Expected the formula')
  })

  it('rejects a series that does not exist', () => {
    expect(() => compileFormula('C')([1, 3])).toThrow('Expected the formula')
  })
})

describe('a walk through a funnel', () => {
  const events = (text: string): FunnelEvent[] =>
    text.split(' ').map((part) => {
      const [marks = '', time] = part.split('@')
      const steps = [...marks].filter((mark) => /\d/.test(mark)).map(Number)
      const exclusions = marks.includes('x') ? [1, 2] : []
      return { time: Number(time), steps, exclusions, values: [''] }
    })
  const walk = (
    text: string,
    order: 'ordered' | 'strict' | 'unordered' = 'ordered',
  ): [number, string] | undefined => {
    const attempt = walkFunnel(events(text), { steps: 3, window: 10, order })
    return attempt && [attempt.times.length, attempt.excluded]
  }

  it.each([
    ['1@1 2@2 3@3', [3, 'no']],
    ['1@1 2@2 3@12', [2, 'no']],
    ['1@1 1@8 2@9 3@15', [3, 'no']],
    ['2@1 1@2 3@3', [1, 'no']],
    ['12@1 2@2 3@3', [3, 'no']],
    ['1@1 x@2 2@3', [2, 'passed']],
    ['1@1 x@2', [1, 'open']],
    ['1@1 x@2 1@3 2@4', [2, 'no']],
    ['3@1 2@1 1@1', [3, 'no']],
  ])('of %s gets to %j', (text, expected) => {
    expect(walk(text)).toEqual(expected)
  })

  it('is broken by other events only when it is strict', () => {
    expect([walk('1@1 @2 2@3', 'strict'), walk('1@1 @2 2@3')]).toEqual([
      [1, 'no'],
      [2, 'no'],
    ])
  })

  it('takes steps in any order when it is unordered', () => {
    expect(walk('3@1 2@2 1@3', 'unordered')).toEqual([3, 'no'])
    expect(walk('3@1 2@2 1@20', 'unordered')).toEqual([2, 'no'])
    expect(walk('@1')).toBeUndefined()
  })
})

describe('retention', () => {
  it('counts a return in its bracket after each start', () => {
    const table = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]
    addActivity(table, { starts: [0, 1], returns: [2] }, [1, 1], false, 5)
    expect(table).toEqual([
      [5, 0, 5],
      [5, 5, 0],
      [0, 0, 0],
    ])
  })
})

describe('the regular expression of a selector', () => {
  const chain =
    'a.btn.primary:attr_id="go"href="/x;y"nth-child="2"text="Go";div.card:attr__title="say \\"hi\\"";body'
  it.each([
    ['a', true],
    ['.primary', true],
    ['a.btn.primary', true],
    ['a.other', false],
    ['div > a', true],
    ['body a', true],
    ['body > a', false],
    ['#go', true],
    ['a[href="/x;y"]', true],
    ['a:nth-child(2)', true],
    ['a:nth-child(3)', false],
    [`div[title='say "hi"']`, true],
    ['*', true],
  ])('of %s matches: %s', (selector, matches) => {
    // RE2 and JavaScript read these expressions alike.
    expect(new RegExp(selectorRegex(parseSelector(selector))).test(chain)).toBe(matches)
  })

  it('reads the same chain as elements', () => {
    expect(parseElementsChain(chain)).toMatchObject([
      {
        tag_name: 'a',
        attr_class: ['btn', 'primary'],
        attr_id: 'go',
        href: '/x;y',
        nth_child: 2,
        text: 'Go',
        order: 0,
      },
      { tag_name: 'div', attr_class: ['card'], attributes: { attr__title: 'say "hi"' }, order: 1 },
      { tag_name: 'body', attr_class: null, order: 2 },
    ])
  })
})

describe('columns of a query', () => {
  it.each([
    ['count()', true],
    ['sumIf(a, b)', true],
    ['quantile(0.9)(x)', true],
    ["'count(x)'", false],
    ['account(x)', false],
    ['properties.count', false],
  ])('%s aggregates: %s', (column, aggregates) => {
    expect(isAggregate(column)).toBe(aggregates)
  })

  it('have their alias as their name', () => {
    expect(['a as b -- B', 'a as `b c`', 'a -- B', 'a'].map(columnName)).toEqual(['b', 'b c', 'a -- B', 'a'])
    expect(['a as b -- B', 'count() as n'].map(withoutAlias)).toEqual(['a', 'count()'])
  })
})

describe('ranges of versions', () => {
  it.each([
    ['semver_tilde', '1.2.3', '1.2.3', '1.3.0'],
    ['semver_tilde', '1', '1.0.0', '2.0.0'],
    ['semver_caret', '1.2.3', '1.2.3', '2.0.0'],
    ['semver_caret', '0.2.3-beta', '0.2.3', '0.3.0'],
    ['semver_caret', '0.0.3', '0.0.3', '0.0.4'],
    ['semver_wildcard', '1.*', '1.0.0', '2.0.0'],
    ['semver_wildcard', '1.2.*', '1.2.0', '1.3.0'],
  ])('%s %s is from %s to %s', (operator, value, from, before) => {
    expect(semverRange(operator, value)).toEqual({ from, before })
  })

  it('rejects what is no version', () => {
    expect(() => semverRange('semver_caret', 'x.1')).toThrow('Caret operator requires a valid semver')
    expect(semverRange('semver_eq', '1')).toBeUndefined()
  })
})

describe('local times', () => {
  it.each([
    ['2026-07-01T12:00:00Z', 'Europe/Berlin', '2026-07-01 14:00:00', '2026-07-01T14:00:00+02:00'],
    ['2026-12-01T12:00:00Z', 'America/New_York', '2026-12-01 07:00:00', '2026-12-01T07:00:00-05:00'],
    ['2026-12-01T12:00:00Z', 'Asia/Kolkata', '2026-12-01 17:30:00', '2026-12-01T17:30:00+05:30'],
    ['2026-12-01T12:00:00Z', 'UTC', '2026-12-01 12:00:00', '2026-12-01T12:00:00Z'],
  ])('%s in %s is %s', (instant, zone, text, iso) => {
    const wall = toWall(new Date(instant), zone)
    expect([wallText(wall), isoWithOffset(wall, zone)]).toEqual([text, iso])
    expect(toInstant(wall, zone).toISOString()).toBe(new Date(instant).toISOString())
  })

  it('keep days of 23 and 25 hours apart', () => {
    const day = (date: string): number => toInstant(new Date(`${date}T00:00:00Z`), 'Europe/Berlin').getTime()
    expect((day('2026-03-30') - day('2026-03-29')) / 3_600_000).toBe(23)
    expect((day('2026-10-26') - day('2026-10-25')) / 3_600_000).toBe(25)
  })
})
