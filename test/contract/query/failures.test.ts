import { describe, expect, it } from 'vitest'
import { createClient, hogql, QueryError, type TypehogClient } from '../../../src/index.ts'

/** A client that gets this answer to each query. */
function answering(status: number, body: string): TypehogClient {
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
const readings: readonly [name: string, read: (posthog: TypehogClient) => PromiseLike<unknown>][] = [
  ['awaited', (posthog) => posthog.hogql(query)],
  ['with a cache', (posthog) => posthog.hogql(query, { ttl: 1_000 })],
  ['in the background', (posthog) => posthog.hogql(query, { async: true })],
  ['in a set', (posthog) => posthog.hogql.all({ query })],
  ['as a stream', (posthog) => posthog.hogql(query).stream().next()],
]

describe.each(readings)('a query %s', (name, read) => {
  it.each([
    ['without rows', '{"columns":null,"results":null,"error":"The sentence."}'],
    ['with no rows', '{"columns":[],"types":[],"results":[],"error":"The sentence."}'],
    ['as an object', '{"columns":[],"results":[],"error":{"detail":"The sentence."}}'],
    [
      'in the status of the query',
      '{"query_status":{"complete":true,"error":true,"error_message":"The sentence."}}',
    ],
  ])('fails with the sentence that PostHog answers with 200: %s', async (_, body) => {
    await expect(Promise.resolve(read(answering(200, body)))).rejects.toMatchObject({
      name: 'QueryError',
      status: 200,
      detail: 'The sentence.',
      message: expect.stringContaining('The sentence.'),
      query: expect.stringContaining('as a limit'),
      values: expect.objectContaining({ p0: 'a secret' }),
    })
  })

  it.each([
    [400, { type: 'validation_error', code: 'syntax_error', detail: 'x' }],
    [400, { type: 'server_error', code: 'query_timeout', detail: 'x' }],
    [400, { type: 'validation_error', code: 'invalid_input', detail: 'x', attr: 'query' }],
    [512, { type: 'server_error', code: 'error', detail: 'x' }],
  ])('has its text and values on the error of a %i %o', async (status, body) => {
    await expect(Promise.resolve(read(answering(status, JSON.stringify(body))))).rejects.toMatchObject({
      query: expect.stringContaining('as a limit'),
      values: expect.objectContaining({ p0: 'a secret' }),
    })
  })

  it('does not fail because of an empty `error`', async () => {
    const body = '{"columns":["a"],"types":[["a","String"]],"results":[["x"]],"error":null}'
    if (name !== 'in the background') await read(answering(200, body))
  })
})

it('fails a query of any kind with the sentence of a 200', async () => {
  const posthog = answering(200, '{"results":[],"error":"The sentence."}')
  const trends = posthog.query.run({ kind: 'TrendsQuery', series: [] })
  await expect(trends).rejects.toBeInstanceOf(QueryError)
})

it('keeps keys out of the sentence', async () => {
  const posthog = answering(200, '{"results":[],"columns":[],"error":"bad phx_failures0000"}')
  const error = await posthog.hogql(query).catch((thrown: unknown) => thrown)
  expect(String(error)).not.toContain('failures0000')
})
