import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ConfigurationError,
  defineEndpoint,
  type EndpointDefinition,
  hogql,
  type TypehogClient,
} from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({
    events: 2_000,
    now: () => new Date('2026-11-20T10:00:00Z'),
  }))
  await posthog.insightVariables.create({ name: 'since', type: 'Date' })
  await posthog.insightVariables.create({ name: 'max', type: 'Number', default_value: 2 })
})
afterAll(() => local.close())

/** Creates the endpoint of a definition in PostHog. */
async function push({ name, query, materialization }: EndpointDefinition): Promise<void> {
  const body = { name, query, is_materialized: materialization?.enabled ?? false }
  await local.handle(
    new Request('http://local.test/api/projects/1/endpoints/', {
      method: 'POST',
      headers: { authorization: `Bearer ${local.personalApiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
}

const topEvents = defineEndpoint({
  name: 'top-events',
  description: 'Most frequent events.',
  query: hogql<{ event: string; times: number }>`
    select event, count() as times from events where timestamp > toDateTime({variables.since})
    group by event order by times desc limit {variables.max}`,
  variables: { since: { type: 'date' }, max: { type: 'integer', default: 2 } },
})

describe('defineEndpoint', () => {
  it('returns a descriptor without a version, and the definition as JSON', () => {
    expect(topEvents).toMatchObject({
      name: 'top-events',
      kind: 'HogQLQuery',
      materialized: false,
      columns: [],
    })
    expect(Object.keys(topEvents)).not.toContain('version')
    expect(topEvents.definition).toEqual({
      name: 'top-events',
      description: 'Most frequent events.',
      query: { kind: 'HogQLQuery', query: expect.stringContaining('limit {variables.max}') },
      variables: [
        { name: 'since', type: 'date' },
        { name: 'max', type: 'integer', default: 2 },
      ],
    })
    expect(JSON.parse(JSON.stringify(topEvents.definition))).toEqual(topEvents.definition)
  })

  it.each([
    [undefined, undefined, false],
    [false, { enabled: false }, false],
    [true, { enabled: true }, true],
    ['15min', { enabled: true, schedule: '15min' }, true],
  ] as const)('reads materialize: %s', (materialize, materialization, materialized) => {
    const endpoint = defineEndpoint({ name: 'x', query: hogql`select 1`, materialize })
    expect(endpoint.definition.materialization).toEqual(materialization)
    expect(endpoint.materialized).toBe(materialized)
  })

  it('runs at once, at the latest version, where a variable with a default is optional', async () => {
    await push(topEvents.definition)
    const first = await posthog.endpoints.run(topEvents, { since: '2026-01-01' })
    expect(first.rows).toHaveLength(2)
    expect(first.rows[0]?.times).toBeGreaterThan(first.rows[1]?.times ?? 0)
    await posthog.endpoints.update('top-events', {
      query: { kind: 'HogQLQuery', query: `${topEvents.definition.query.query} -- changed` },
    })
    const second = await posthog.endpoints.run(topEvents, { since: '2026-01-01', max: 1 })
    expect([first.version, second.version, second.rows]).toEqual([1, 2, first.rows.slice(0, 1)])
    // Null is SQL NULL, which no time exceeds.
    expect((await posthog.endpoints.run(topEvents, { since: null })).rows).toEqual([])
  })

  it('requires all variables of a materialized endpoint, as PostHog does', async () => {
    const endpoint = defineEndpoint({
      name: 'times-of-event',
      query: hogql<{ times: number }>`
        select count() as times from events where timestamp >= toDateTime({variables.since})`,
      variables: { since: { type: 'date' } },
      materialize: true,
    })
    await push(endpoint.definition)
    const { rows, materialized } = await posthog.endpoints.run(endpoint, { since: '2026-01-01' })
    expect([rows.length, materialized]).toEqual([1, true])
    await expect(posthog.endpoints.run(endpoint, {} as never)).rejects.toMatchObject({
      name: 'MissingVariablesError',
      missing: ['since'],
    })
  })

  it('takes the query of an insight, whose breakdowns and dates are variables', async () => {
    const trend = defineEndpoint({
      name: 'by-event',
      query: {
        kind: 'TrendsQuery',
        series: [{ kind: 'EventsNode', event: '$pageview' }],
        breakdownFilter: { breakdowns: [{ property: '$browser', type: 'event' }] },
      },
    })
    expect(trend.definition).toMatchObject({ query: { kind: 'TrendsQuery' }, variables: [] })
    await push(trend.definition)
    const all = await posthog.endpoints.run(trend, { date_from: '-90d' })
    const browser = all.rows.map(({ breakdown_value }) => String(breakdown_value))[0] ?? ''
    const { rows } = await posthog.endpoints.run(trend, { $browser: browser, date_from: '-90d' })
    expect(all.rows.length).toBeGreaterThan(1)
    expect(rows.map(({ count }) => count)).toEqual([all.rows[0]?.count])
  })
})

describe('variables in the query', () => {
  it('are those in placeholders, not in strings, quoted names, comments and template strings', () => {
    const query = hogql`select '{variables.a}' as \`{variables.b}\`, "{variables.c}", f'{event} {variables.d}'
      -- {variables.e}
      // {variables.f}
      # {variables.g}
      /* {variables.h} */ from events where { variables . since } and {variables.since} = 'it''s {variables.i}'
      and f'{ {variables.max} }'`
    const variables = { since: { type: 'date' }, max: { type: 'number' } } as const
    expect(defineEndpoint({ name: 'x', query, variables }).definition.variables).toHaveLength(2)
  })

  it('may come with fragments', () => {
    const condition = hogql`event = {variables.event}`
    const query = hogql`select ${hogql.ref('properties', 'a')} from ${hogql.raw('events')} where ${condition}`
    const { definition } = defineEndpoint({ name: 'x', query, variables: { event: { type: 'string' } } })
    expect(definition.query.query).toBe('select `properties`.`a` from events where event = {variables.event}')
  })

  it.each(['string', 'integer', 'number', 'boolean', 'date', 'array', 'object'] as const)(
    'may be of type %s',
    (type) => {
      const defaults = {
        string: '',
        integer: 0,
        number: 0.5,
        boolean: false,
        date: '-7d',
        array: [],
        object: {},
      }
      const variables: object = { v: { type, default: defaults[type] } }
      const endpoint = { name: 'x', query: hogql`select {variables.v}`, variables }
      const { definition } = defineEndpoint(endpoint as never) as { definition: EndpointDefinition }
      expect(definition.variables).toEqual([{ name: 'v', type, default: defaults[type] }])
    },
  )
})

const since = { since: { type: 'date' } }
const usesSince = hogql`select {variables.since}`
const wrong: readonly [input: unknown, message: string, fix: string][] = [
  ['x', 'The argument of `defineEndpoint` is "x"; expected an object', 'an object'],
  [{ query: hogql`select 1` }, '`name` of `defineEndpoint` is undefined', 'a letter, then letters'],
  [
    { name: 'top pages', query: hogql`select 1` },
    '`name` of `defineEndpoint` is "top pages"',
    'a letter, then letters',
  ],
  [{ name: '1st', query: hogql`select 1` }, '`name` of `defineEndpoint` is "1st"', 'a letter, then letters'],
  [
    { name: `a${'b'.repeat(128)}`, query: hogql`select 1` },
    'a string of 129 characters',
    'up to 128 characters',
  ],
  [
    { name: 'x', query: hogql`select 1`, descripton: '' },
    'no option `descripton`',
    'Did you mean `description`?',
  ],
  [
    { name: 'x', query: hogql`select 1`, materialize: '2hour' },
    '`materialize` of `defineEndpoint` is "2hour"',
    '"15min", "30min"',
  ],
  [{ name: 'x', query: 'select 1' }, 'The query of endpoint "x" is "select 1"', 'Write hogql`select …`'],
  [
    { name: 'x', query: { kind: 'HogQLQuery', query: 'select 1' } },
    'The query of endpoint "x" is "HogQLQuery"',
    'Write hogql`select …`',
  ],
  [
    { name: 'x', query: { kind: 'EventsQuery' } },
    'The query of endpoint "x" is "EventsQuery"',
    'TrendsQuery, FunnelsQuery',
  ],
  [{ name: 'x', query: { kind: 'TrendsQuery', series: [1n] } }, '`query.series.0` is 1n', 'a string'],
  [
    { name: 'x', query: { kind: 'PathsQuery' }, variables: since },
    'is an insight of kind PathsQuery with `variables`',
    'Remove `variables`',
  ],
  [
    { name: 'x', query: hogql`select ${1}, ${[2]}` },
    'The query of endpoint "x" has bound values: {p0}, {p1}',
    'Write {variables.name}',
  ],
  [
    { name: 'x', query: usesSince },
    'uses {variables.since}, but `variables` declares no variables',
    "Add `since: { type: 'string' }`",
  ],
  [
    { name: 'x', query: hogql`select {variables.sinse}`, variables: since },
    'uses {variables.sinse}, but `variables` declares only since',
    'Did you mean {variables.since}?',
  ],
  [
    { name: 'x', query: hogql`select 1`, variables: since },
    'declares since, but the query has no {variables.since}',
    'Use {variables.since} in the query',
  ],
  [
    { name: 'x', query: hogql`select {since}`, variables: since },
    'has the placeholder {since}',
    'Write {variables.since}.',
  ],
  [
    { name: 'x', query: hogql`select 1 where {filters}` },
    'has the placeholder {filters}',
    'Write {variables.name}',
  ],
  [
    { name: 'x', query: usesSince, variables: [] },
    '`variables` of endpoint "x" is an empty array',
    "`variables: { since: { type: 'date' } }`",
  ],
  [
    { name: 'x', query: usesSince, variables: { since: 'date' } },
    'The variable "since" of endpoint "x" is "date"',
    'Write, for example',
  ],
  [
    { name: 'x', query: usesSince, variables: { since: { type: 'Date' } } },
    'The type of the variable "since" of endpoint "x" is "Date"',
    '"date"',
  ],
  [
    { name: 'x', query: usesSince, variables: { since: { type: 'date', value: 1 } } },
    '`variables.since` has no option `value`',
    'type, default',
  ],
  [
    { name: 'x', query: hogql`select {variables.Since}`, variables: { Since: { type: 'date' } } },
    'The variable "Since" of endpoint "x" has an invalid name',
    'lower case',
  ],
  ...[
    ['string', 5],
    ['integer', 1.5],
    ['number', '10'],
    ['number', Number.NaN],
    ['boolean', 'yes'],
    ['date', new Date(0)],
    ['array', 'a'],
    ['array', [{}]],
    ['object', []],
    ['number', null],
  ].map(([type, value]): [unknown, string, string] => [
    { name: 'x', query: usesSince, variables: { since: { type, default: value } } },
    'The default of the variable "since" of endpoint "x" is',
    `as the default of a variable of type "${type}", change the type, or remove the default`,
  ]),
]

describe('a wrong definition', () => {
  it.each(wrong)('is rejected: %o', (input, message, fix) => {
    let error: ConfigurationError | undefined
    try {
      defineEndpoint(input as never)
    } catch (thrown) {
      error = thrown as ConfigurationError
    }
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
      fix: expect.stringContaining(fix),
    })
  })
})
