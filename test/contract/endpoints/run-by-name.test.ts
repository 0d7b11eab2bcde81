import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, type Endpoint, type TypehogClient } from '../../../src/index.ts'
import type { LocalPostHog } from '../../../src/testing.ts'
import { startLocalClient } from '../local-client.ts'

let local: LocalPostHog
let posthog: TypehogClient
beforeAll(async () => {
  ;({ local, posthog } = await startLocalClient({ events: 0 }))
  await posthog.endpoints.create({ name: 'numbers', query: { kind: 'HogQLQuery', query: 'select 1 as n' } })
  await posthog.endpoints.update('numbers', { query: { kind: 'HogQLQuery', query: 'select 2 as n' } })
})
afterAll(() => local.close())

const pinned: Endpoint<Record<string, never>, { n: number | null }> = {
  name: 'numbers',
  version: 1,
  kind: 'HogQLQuery',
  materialized: false,
  columns: [{ name: 'n', type: 'integer' }],
}

/** Log lines of a client with these options, and the client. */
function withLog(options: ClientOptions): { readonly client: TypehogClient; readonly warnings: string[] } {
  const warnings: string[] = []
  const logger = { debug() {}, info() {}, error() {}, warn: (message: string) => warnings.push(message) }
  return { client: posthog.with({ ...options, logger, logLevel: 'warn' }), warnings }
}

describe('a run by name', () => {
  it('runs the latest version', async () => {
    const { rows, version } = await posthog.endpoints.run('numbers')
    expect([rows, version]).toEqual([[{ n: 2 }], 2])
  })

  it('runs the version of the client option `endpoints`, also in copies of the client', async () => {
    const client = posthog.with({ endpoints: { numbers: pinned } })
    for (const copy of [client, client.with({ timeout: 5_000 })]) {
      const { rows, version } = await copy.endpoints.run('numbers')
      expect([rows, version]).toEqual([[{ n: 1 }], 1])
    }
    expect(await client.endpoints.run('numbers', {}, { version: 2 })).toMatchObject({ version: 2 })
  })

  it('warns about missing columns of the pinned version', async () => {
    const columns = [...pinned.columns, { name: 'lost', type: 'string' }]
    const { client, warnings } = withLog({ endpoints: { numbers: { ...pinned, columns } } })
    await client.endpoints.run('numbers')
    expect(warnings).toEqual([expect.stringContaining('"numbers" returned no columns lost')])
  })

  it('encodes the name, and reports an unknown one', async () => {
    const run = posthog.endpoints.run('../numbers')
    await expect(run).rejects.toMatchObject({ name: 'NotFoundError' })
    expect(local.requests.at(-1)?.path).toContain('/endpoints/..%2Fnumbers/run/')
  })
})

describe('the client option `endpoints`', () => {
  const wrong: readonly [endpoints: unknown, message: string, fix: string][] = [
    [[], '`endpoints` is an empty array', 'typehog endpoints pull'],
    [{ numbers: 'numbers' }, '`endpoints.numbers` is "numbers"', 'typehog endpoints pull'],
    [{ numbers: { name: 'numbers' } }, '`endpoints.numbers` is an object', 'typehog endpoints pull'],
    [
      { one: pinned, two: { ...pinned, version: 2 } },
      '`endpoints.one` and `endpoints.two` both have the name "numbers"',
      'Remove one of them',
    ],
  ]
  it.each(wrong)('rejects %o', (endpoints, message, fix) => {
    const create = (): TypehogClient => createClient({ apiKey: 'phx_1', endpoints } as ClientOptions)
    expect(create).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message: expect.stringContaining(message),
        fix: expect.stringContaining(fix),
      }),
    )
  })
})
