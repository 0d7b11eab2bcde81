import { describe, expect, it } from 'vitest'
import { createClient, hogql } from '../../../src/index.ts'

const noRows = 'Expected `results` and `columns`'
const noJson = 'is not JSON, or is truncated'
const noCells = 'is not an array of cells'
const deep = '['.repeat(20_000) + ']'.repeat(20_000)

/** A body in place of PostHog's, and the error, or the rows. */
const cases: readonly (readonly [name: string, body: string, result: string | readonly object[]])[] = [
  ['results that are no list', '{"columns":["n"],"results":{"a":[1]},"types":["UInt64"]}', noRows],
  ['no results', '{"columns":["n"],"types":["UInt64"]}', noRows],
  ['no columns', '{"results":[[1]],"types":["UInt64"]}', noRows],
  ['null', 'null', noRows],
  ['a list', '[]', noRows],
  ['nothing', '', noJson],
  ['an answer that breaks off', '{"columns":["n"],"results":[[1],[2', noJson],
  ['something behind it', '{"columns":["n"],"results":[[1]]} trailing', noJson],
  ['rows that are objects', '{"columns":["n"],"results":[{"n":1}],"types":["UInt64"]}', noCells],
  ['rows that are values', '{"columns":["n"],"results":[1,"x",null],"types":["UInt64"]}', noCells],
  ['depth', `{"columns":["n"],"results":[${deep}],"types":["String"]}`, 'nested too deeply'],
  [
    'a number of 400 digits',
    `{"columns":["n"],"results":[[${'9'.repeat(400)}]],"types":["UInt64"]}`,
    'represent exactly',
  ],
  [
    'columns behind the rows',
    '{"results":[[1],[2]],"types":["UInt64"],"columns":["n"]}',
    [{ n: 1 }, { n: 2 }],
  ],
  ['a byte order mark', '\ufeff { "columns" : [ "n" ] , "results" : [ [ 1 ] ] }', [{ n: 1 }]],
]

/** A client of a server that tells of one column, and then answers this. */
function clientOf(body: string): ReturnType<typeof createClient> {
  const described = '{"columns":["n"],"results":[],"types":["UInt64"]}'
  return createClient({
    apiKey: 'phx_hostile0000',
    projectId: 1,
    host: 'http://local.test',
    retry: false,
    limits: false,
    fetch: async (_, { body: asked }) =>
      new Response(/"p\d":0\}/.test(String(asked)) ? described : body, {
        headers: { 'content-type': 'application/json' },
      }),
  })
}

const query = hogql`select n from t limit ${100}`

describe.each([
  ['at once', async (body: string) => (await clientOf(body).hogql(query)).rows],
  [
    'as they arrive',
    async (body: string) => {
      const rows: unknown[] = []
      for await (const row of clientOf(body).hogql(query).stream()) rows.push(row)
      return rows
    },
  ],
])('rows %s', (_, read) => {
  it.each(cases.filter(([, , result]) => typeof result !== 'string'))(
    'are decoded with %s',
    async (_, body, rows) => {
      expect(await read(body)).toEqual(rows)
    },
  )

  it.each(cases.filter(([, , result]) => typeof result === 'string'))(
    'are rejected with %s',
    async (_, body, message) => {
      await expect(read(body)).rejects.toMatchObject({
        name: 'DecodeError',
        message: expect.stringContaining(String(message)),
        fix: expect.any(String),
      })
    },
  )
})

it('takes any number of rows before their columns', async () => {
  const results = Array.from({ length: 300_000 }, (_, n) => `[${n}]`).join()
  const { rows } = await clientOf(`{"results":[${results}],"columns":["n"]}`).hogql(query)
  expect(rows).toHaveLength(300_000)
  expect(rows.at(-1)).toEqual({ n: 299_999 })
})

describe('rows as they arrive', () => {
  it('are refused under other names than those that were told', async () => {
    const body = '{"columns":["m"],"results":[[1]],"types":["UInt64"]}'
    await expect(clientOf(body).hogql(query).stream().next()).rejects.toThrow(
      'The query had the columns n, but its response has m.',
    )
  })
})
