import { describe, expect, it } from 'vitest'
import { createClient, hogql, QueryError, type TypehogClient } from '../../../src/index.ts'

/** Creates a client whose queries all get this response. */
function clientFor(status: number, body: string): TypehogClient {
  return createClient({
    apiKey: 'phx_failures0000',
    projectId: 1,
    host: 'http://local.test',
    limits: false,
    retry: false,
    fetch: async () => new Response(body, { status, headers: { 'content-type': 'application/json' } }),
  })
}

const query = hogql`select ${'a secret'} as a limit 5`
const modes: readonly [mode: string, read: (posthog: TypehogClient) => PromiseLike<unknown>][] = [
  ['awaited', (posthog) => posthog.hogql(query)],
  ['with a cache', (posthog) => posthog.hogql(query, { ttl: 1_000 })],
  ['in the background', (posthog) => posthog.hogql(query, { async: true })],
  ['in a set', (posthog) => posthog.hogql.all({ query })],
  ['as a stream', (posthog) => posthog.hogql(query).stream().next()],
]

describe.each(modes)('a query %s', (_, read) => {
  it.each([
    ['without rows', '{"columns":null,"results":null,"error":"The error."}'],
    ['with no rows', '{"columns":[],"types":[],"results":[],"error":"The error."}'],
    ['as an object', '{"columns":[],"results":[],"error":{"detail":"The error."}}'],
    [
      'in the status of the query',
      '{"query_status":{"complete":true,"error":true,"error_message":"The error."}}',
    ],
  ])('rejects with the error in a 200 response: %s', async (_, body) => {
    await expect(Promise.resolve(read(clientFor(200, body)))).rejects.toMatchObject({
      name: 'QueryError',
      status: 200,
      detail: 'The error.',
      message: expect.stringContaining('The error.'),
      query: expect.stringContaining('as a limit'),
      values: expect.objectContaining({ p0: 'a secret' }),
    })
  })

  it.each([
    [400, { type: 'validation_error', code: 'syntax_error', detail: 'x' }],
    [400, { type: 'server_error', code: 'query_timeout', detail: 'x' }],
    [400, { type: 'validation_error', code: 'invalid_input', detail: 'x', attr: 'query' }],
    [512, { type: 'server_error', code: 'error', detail: 'x' }],
  ])('has its text and values in the error of a %i with %o', async (status, body) => {
    await expect(Promise.resolve(read(clientFor(status, JSON.stringify(body))))).rejects.toMatchObject({
      query: expect.stringContaining('as a limit'),
      values: expect.objectContaining({ p0: 'a secret' }),
    })
  })
})

// A query in the background starts with a status, so this body is not a response to it.
const blockingModes = modes.filter(([mode]) => mode !== 'in the background')
it.each(blockingModes)('a query %s resolves despite a null `error`', async (_, read) => {
  const body = '{"columns":["a"],"types":[["a","String"]],"results":[["x"]],"error":null}'
  await expect(Promise.resolve(read(clientFor(200, body)))).resolves.toBeDefined()
})

it('rejects a query of any kind with the error in a 200 response', async () => {
  const posthog = clientFor(200, '{"results":[],"error":"The error."}')
  const trends = posthog.query.run({ kind: 'TrendsQuery', series: [] })
  await expect(trends).rejects.toBeInstanceOf(QueryError)
})

it('redacts keys in the error of a 200 response', async () => {
  const posthog = clientFor(200, '{"results":[],"columns":[],"error":"bad phx_failures0000"}')
  const error = await posthog.hogql(query).catch((thrown: unknown) => thrown)
  expect(String(error)).not.toContain('failures0000')
})
