import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
beforeAll(async () => {
  harness = await startCliHarness()
})
afterAll(() => harness[Symbol.asyncDispose]())

const daily = 'select toStartOfDay(timestamp) as day, count() as n from events group by day limit 500'

describe('query --chart', () => {
  it.each([
    [['query', '--chart', daily], /^n by day\n.*┤/s],
    [['query', daily, '--chart', 'line'], /^n by day\n.*┤/s],
    [['query', daily, '--chart', 'bar'], /^n by day\n2026-.* +\d+ +█/s],
    [
      ['query', 'select event, count() as n from events group by event limit 9', '--chart'],
      /^n by event\n.* +\d+ +█/s,
    ],
  ])('draws %j', async (argv, expected) => {
    const { code, out, err } = await harness.run(argv)
    expect(code).toBe(0)
    expect(out).toMatch(expected)
    expect(err).toMatch(/^\d+ rows, /)
  })

  it('fits the terminal', async () => {
    const { out } = await harness.run(['query', daily, '--chart'], { columns: 50 })
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50)
  })

  it('says that there is nothing to draw', async () => {
    const { code, out, err } = await harness.run([
      'query',
      'select event, 1 as n from events where event = {x} limit 5',
      '--param',
      'x=nothing',
      '--chart',
    ])
    expect({ code, out }).toEqual({ code: 0, out: '' })
    expect(err).toBe('There are no values to draw.\n0 rows, complete\n')
  })

  it.each([
    [['--json'], '--json'],
    [['--output', 'x.csv'], '--output'],
    [['--order-by', 'day'], '--order-by'],
    [['--format', 'csv'], '--format'],
    [['--raw-csv'], '--raw-csv'],
  ])('rejects %j before it sends a request', async (flags, name) => {
    const { code, out, err } = await harness.run(['query', daily, '--chart', ...flags], {
      env: { ...harness.env, POSTHOG_HOST: 'http://127.0.0.1:9' },
    })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`--chart draws the rows, but ${name} prints them in another way.`)
  })

  it('says which columns there are when none has numbers', async () => {
    const { code, err } = await harness.run([
      'query',
      'select event, distinct_id from events limit 3',
      '--chart',
    ])
    expect(code).toBe(2)
    expect(err).toContain('the rows have 2 columns: event (text), distinct_id (text).')
  })
})

describe('endpoints run --chart', () => {
  it('draws the rows of an endpoint', async () => {
    await harness.api('POST', 'endpoints/', {
      name: 'by-event',
      query: { kind: 'HogQLQuery', query: 'select event, count() as n from events group by event limit 9' },
    })
    const { code, out } = await harness.run(['endpoints', 'run', 'by-event', '--chart'])
    expect(code).toBe(0)
    expect(out).toMatch(/^n by event\n.*█/s)
    const both = await harness.run(['endpoints', 'run', 'by-event', '--chart', '--format', 'csv'])
    expect(both.code).toBe(2)
  })
})
