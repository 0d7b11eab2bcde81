import { describe, expect, it } from 'vitest'
import { type ChartKind, renderChart, withChartKind } from '../../../src/cli/chart/chart.ts'
import { renderLine } from '../../../src/cli/output/style.ts'

/** Draws cells in 60 terminal cells. */
function draw(
  header: readonly string[],
  cells: readonly (readonly unknown[])[],
  kind: ChartKind = 'auto',
  color = false,
): string[] {
  return renderChart({ header, cells }, kind, 60).map((line) => renderLine(line, color, (text) => text))
}

/** A row for each day of January. */
const january = (cell: (day: number) => readonly unknown[]): unknown[][] =>
  Array.from({ length: 31 }, (_, index) => [
    `2026-01-${String(index + 1).padStart(2, '0')}T00:00:00Z`,
    ...cell(index),
  ])

describe('a chart over dates', () => {
  it('is a line with the first and last date, the minimum and the maximum', () => {
    const lines = draw(
      ['day', 'views'],
      january((day) => [day * 1_000_000 - 5]),
    )
    expect(lines[0]).toBe('views by day')
    expect(lines.at(-1)).toMatch(/^ +2026-01-01 +2026-01-31$/)
    expect(lines.find((line) => line.includes('30M┤'))).toBeDefined()
    expect(lines.find((line) => line.includes('-5┤'))).toBeDefined()
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  })

  it('sorts the rows and accepts dates without a time zone', () => {
    const rows = [
      ['2026-01-03 00:00:00', 3],
      ['2026-01-01 00:00:00', 1],
      ['2026-01-02 00:00:00', 2],
    ]
    expect(draw(['day', 'n'], rows).at(-1)).toMatch(/2026-01-01 +2026-01-03$/)
  })

  it('leaves a gap where the value is null', () => {
    const gap = (day: number): boolean => day > 9 && day < 20
    const flat = january((day) => [gap(day) ? null : 1])
    const line = draw(['day', 'n'], flat).find((text) => text.includes('━')) ?? ''
    expect(line).toMatch(/━{5,} {5,}━{5,}/)
  })

  it('marks several series, with a legend that needs no colors', () => {
    const lines = draw(
      ['day', 'up', 'down'],
      january((day) => [day, 30 - day]),
    )
    expect(lines[0]).toBe('* up   o down')
    const marks = lines.slice(1).join('\n')
    expect(marks.match(/\*/g)?.length).toBeGreaterThan(20)
    expect(marks.match(/o/g)?.length).toBeGreaterThan(20)
  })

  it('colors marks on a terminal with colors', () => {
    const cells = january((day) => [day, 30 - day])
    const colored = draw(['day', 'up', 'down'], cells, 'auto', true).join('\n')
    expect(colored).toContain('\u001b[36m*\u001b[39m up')
    expect(colored.split('\u001b[').length).toBeGreaterThan(10)
    expect(draw(['day', 'up', 'down'], cells).join('\n')).not.toContain('\u001b')
  })

  it('splits rows into series by their texts', () => {
    const rows = [
      ['2026-01-01', 'a', 1],
      ['2026-01-01', 'b', 9],
      ['2026-01-02', 'a', 2],
      ['2026-01-02', 'b', 8],
    ]
    expect(draw(['day', 'event', 'n'], rows)[0]).toBe('* a   o b')
  })

  it('shows the six largest of many series, and says how many are hidden', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const lines = draw(
      ['day', ...names],
      january(() => names.map((_, index) => index)),
    )
    expect(lines[0]).toBe('* c   o d   + e   x f   # g   @ h')
    expect(lines.at(-1)).toBe('… and 2 more series')
  })

  it('says how many rows have no place of their own', () => {
    const rows = [
      ['2026-01-01', 'a', 1],
      ['2026-01-01', 'a', 2],
      ['2026-01-02', 'b', 3],
      [null, 'b', 4],
    ]
    const lines = draw(['day', 'event', 'n'], rows)
    expect(lines.at(-1)).toBe('… and 2 rows without a place of their own on the x axis')
  })

  it('keeps an outlier among more rows than columns', () => {
    const rows = Array.from({ length: 20_000 }, (_, second) => [
      new Date(second * 1_000).toISOString(),
      second === 7_777 ? 500 : 1,
    ])
    expect(draw(['time', 'n'], rows).find((line) => line.includes('500┤'))).toContain('┓')
  })

  it('draws a single row', () => {
    const lines = draw(['day', 'n'], [['2026-01-01', 5]])
    expect(lines.at(-1)?.trim()).toBe('2026-01-01')
    expect(lines.join('\n')).toContain('5┤━')
  })
})

describe('a chart over texts', () => {
  it('is a bar for each text, left of zero for negative numbers', () => {
    expect(
      draw(
        ['plan', 'revenue'],
        [
          ['up', 30],
          ['down', -15],
          ['zero', 0],
          ['none', null],
        ],
      ),
    ).toEqual([
      'revenue by plan',
      `up     30  ${' '.repeat(16)}${'█'.repeat(33)}`,
      `down  -15  ${'█'.repeat(16)}`,
      'zero    0',
      'none    -',
    ])
  })

  it('shows the 20 largest of hundreds of texts, in the order of the rows', () => {
    const rows = Array.from({ length: 200 }, (_, index) => [`text ${index}`, (index * 7) % 200])
    const lines = draw(['k', 'v'], rows)
    expect(lines).toHaveLength(22)
    expect(lines.at(-1)).toBe('… and 180 more with smaller values')
    const shown = lines.slice(1, -1).map((line) => Number(/^text (\d+)/.exec(line)?.[1]))
    expect(shown).toEqual(shown.toSorted((left, right) => left - right))
    expect(shown.every((index) => (index * 7) % 200 >= 180)).toBe(true)
  })

  it('aligns wide characters and escapes control characters', () => {
    const lines = draw(
      ['k', 'v'],
      [
        ['日本語', 1],
        ['a\u001b[2J', 1],
        ['', 1],
        [null, 1],
      ],
    )
    expect(lines.slice(1).map((line) => line.split('  ')[0]?.trimEnd())).toEqual([
      '日本語',
      'a\\u001b[2J',
      '(empty)',
      '(null)',
    ])
  })

  it('draws numbers that JavaScript cannot hold exactly', () => {
    const lines = draw(
      ['k', 'v'],
      [
        ['big', 18446744073709551615n],
        ['small', 3],
      ],
    )
    expect(lines[1]).toMatch(/^big +1\.84e\+19 +█+$/)
    expect(lines[2]).toMatch(/^small +3 +▏$/)
  })

  it('draws a bar for each column of numbers', () => {
    expect(draw(['event', 'n', 'people'], [['a', 4, 2]])).toEqual([
      '█ n   ▒ people',
      `a  4  ${'█'.repeat(54)}`,
      `   2  ${'▒'.repeat(27)}`,
    ])
  })
})

describe('a chart of other rows', () => {
  it('draws the last 20 dates as bars', () => {
    const lines = draw(
      ['day', 'n'],
      january((day) => [day]),
      'bar',
    )
    expect(lines[1]).toMatch(/^2026-01-12 /)
    expect(lines.at(-1)).toBe('… and 11 more before them')
  })

  it('draws a single column of numbers by row', () => {
    expect(draw(['n'], [[3], [6]])[0]).toBe('n by row')
  })

  it('draws nothing without rows, and without a value at a date', () => {
    expect(draw(['day', 'n'], [])).toEqual([])
    const rows = [
      [null, 1],
      ['2026-01-01', null],
    ]
    expect(draw(['day', 'n'], rows)).toEqual([])
  })

  it.each([
    [
      ['event', 'url'],
      [['a', 'b']],
      'auto',
      'A chart needs a column of numbers beside its x axis; the rows have 2 columns: event (text), url (text).',
    ],
    [['day', 'n'], [['2026-01-01', null]], 'auto', 'the rows have 2 columns: day (dates), n (no values).'],
    [['k', 'v'], [['a', 1]], 'line', 'A line needs dates or numbers on its x axis, but k has text.'],
  ] as const)('says why it cannot draw %j', (header, cells, kind, message) => {
    expect(() => draw(header, cells, kind)).toThrow(message)
  })
})

describe('withChartKind', () => {
  it.each([
    [
      ['query', '--chart', 'select 1'],
      ['query', '--chart=auto', 'select 1'],
    ],
    [
      ['query', 'select 1', '--chart'],
      ['query', 'select 1', '--chart=auto'],
    ],
    [
      ['query', '--chart', 'bar', 'select 1'],
      ['query', '--chart', 'bar', 'select 1'],
    ],
    [
      ['query', '--', '--chart'],
      ['query', '--', '--chart'],
    ],
  ])('completes %j', (argv, expected) => {
    expect(withChartKind(argv)).toEqual(expected)
  })
})
