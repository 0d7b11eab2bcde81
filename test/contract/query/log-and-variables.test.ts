import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, hogql, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 50, pageSize: 2 }))
  for (const name of ['Country', 'Plan', 'Since', 'Limit']) {
    await posthog.request('POST /api/projects/{project_id}/insight_variables/', {
      body: { name, type: 'String', default_value: `${name} by default` },
    })
  }
})
afterAll(() => local.close())

describe('the query log', () => {
  it('is refused to keys', async () => {
    await expect(posthog.query.log(crypto.randomUUID())).rejects.toMatchObject({
      status: 403,
      detail: 'This action does not support personal API key access',
    })
  })

  it('has an object for each entry, with exact integers', async () => {
    const log = {
      columns: ['query_id', 'result_rows', 'exception'],
      types: [
        ['query_id', 'String'],
        ['result_rows', 'UInt64'],
        ['exception', 'String'],
      ],
      results: [['one', 7, '']],
    }
    const open = createClient({
      apiKey: 'phx_signed_in_0000000000',
      projectId: 1,
      host: 'http://local.test',
      fetch: () => Promise.resolve(Response.json(log)),
    })
    expect(await open.query.log('one')).toEqual([{ query_id: 'one', result_rows: 7n, exception: '' }])
  })
})

describe('SQL variables', () => {
  const query = hogql<{ c: string; p: string }>`select {variables.country} as c, {variables.plan} as p`

  it('are passed by code name, and default to their saved values', async () => {
    const call = posthog.hogql(query, { variables: { country: "N'L", plan: undefined } })
    expect(await call.one()).toEqual({ c: "N'L", p: 'Plan by default' })
    expect(await call.with({ variables: { country: null, plan: 'pro' } }).one()).toEqual({
      c: null,
      p: 'pro',
    })
  })

  it('are fetched once, and again for a new name', async () => {
    const lookups = (): number =>
      local.requests.filter(({ path }) => path.includes('insight_variables')).length
    await posthog.hogql(query, { variables: { country: 'a', plan: 'b' } })
    const before = lookups()
    await posthog.hogql(query, { variables: { country: 'c', plan: 'd' } })
    expect(lookups()).toBe(before)
    await posthog.request('POST /api/projects/{project_id}/insight_variables/', {
      body: { name: 'Fresh', type: 'Number' },
    })
    const fresh = hogql<{ n: number }>`select {variables.fresh} as n`
    expect(await posthog.hogql(fresh, { variables: { fresh: 5 } }).one()).toEqual({ n: 5 })
  })

  it('are rejected before the query if the project lacks them', async () => {
    await expect(posthog.hogql(query, { variables: { land: 'NL' } })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: 'The project has no SQL variable "land".',
      fix: expect.stringContaining('country, plan'),
    })
  })

  it('are sent with a stream', async () => {
    const rows = hogql<{
      n: number
    }>`select number as n from numbers(5) where toString(number) != {variables.country}`
    const read = []
    for await (const { n } of posthog
      .hogql(rows, { variables: { country: '3' } })
      .stream({ orderBy: ['n'], pageSize: 2 }))
      read.push(n)
    expect(read).toEqual([0, 1, 2, 4])
  })
})

describe('completeness', () => {
  it.each([
    ['a row cap below the LIMIT', { limit: 3, rows: 3, requested: 5 }, { reason: 'row_cap', limit: 3 }],
    ['fewer rows than the row cap', { limit: 3, rows: 2, requested: 5 }, true],
    ['fewer rows than the LIMIT', { limit: 5, rows: 3, requested: 5 }, true],
    ['as many rows as the LIMIT', { limit: 5, rows: 5, requested: 5 }, { reason: 'limit', limit: 5 }],
  ])('is reported for %s', async (_, { limit, rows, requested }, complete) => {
    const results = Array.from({ length: rows }, (_, n) => [n])
    local.faults.add({ status: 200, body: { columns: ['n'], types: [['n', 'UInt8']], results, limit } })
    const result = await posthog.hogql(hogql`select n from t limit ${requested}`)
    expect(result.complete).toEqual(complete)
  })
})
