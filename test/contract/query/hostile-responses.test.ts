import { describe, expect, it } from 'vitest'
import { createClient, hogql } from '../../../src/index.ts'

const notResults = 'Expected `results` and `columns`'
const notJson = 'is not JSON, or is truncated'
const notCells = 'is not an array of cells'
const deep = '['.repeat(20_000) + ']'.repeat(20_000)

/** A body, and the message of its error or its rows. */
const cases: readonly (readonly [name: string, body: string, result: string | readonly object[]])[] = [
  ['results that are not an array', '{"columns":["n"],"results":{"a":[1]},"types":["UInt64"]}', notResults],
  ['no results', '{"columns":["n"],"types":["UInt64"]}', notResults],
  ['no columns', '{"results":[[1]],"types":["UInt64"]}', notResults],
  ['null', 'null', notResults],
  ['an array', '[]', notResults],
  ['an empty body', '', notJson],
  ['a truncated body', '{"columns":["n"],"results":[[1],[2', notJson],
  ['text after the JSON', '{"columns":["n"],"results":[[1]]} trailing', notJson],
  ['rows that are objects', '{"columns":["n"],"results":[{"n":1}],"types":["UInt64"]}', notCells],
  ['rows that are scalars', '{"columns":["n"],"results":[1,"x",null],"types":["UInt64"]}', notCells],
  ['too many levels', `{"columns":["n"],"results":[${deep}],"types":["String"]}`, 'nested too deeply'],
  [
    'a number of 400 digits',
    `{"columns":["n"],"results":[[${'9'.repeat(400)}]],"types":["UInt64"]}`,
    'represent exactly',
  ],
  [
    'columns after the rows',
    '{"results":[[1],[2]],"types":["UInt64"],"columns":["n"]}',
    [{ n: 1 }, { n: 2 }],
  ],
  ['a byte order mark', '\ufeff { "columns" : [ "n" ] , "results" : [ [ 1 ] ] }', [{ n: 1 }]],
]

/** Creates a client whose queries for columns return one column, and whose other queries return `body`. */
function clientOf(body: string): ReturnType<typeof createClient> {
  const columnsBody = '{"columns":["n"],"results":[],"types":["UInt64"]}'
  return createClient({
    apiKey: 'phx_hostile0000',
    projectId: 1,
    host: 'http://local.test',
    retry: false,
    limits: false,
    fetch: async (_, { body: sent }) =>
      new Response(/"p\d":0\}/.test(String(sent)) ? columnsBody : body, {
        headers: { 'content-type': 'application/json' },
      }),
  })
}

const query = hogql`select n from t limit ${100}`

describe.each([
  ['of an awaited query', async (body: string) => (await clientOf(body).hogql(query)).rows],
  [
    'of a stream',
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

it('accepts any number of rows before the columns', async () => {
  const results = Array.from({ length: 300_000 }, (_, n) => `[${n}]`).join()
  const { rows } = await clientOf(`{"results":[${results}],"columns":["n"]}`).hogql(query)
  expect(rows).toHaveLength(300_000)
  expect(rows.at(-1)).toEqual({ n: 299_999 })
})

describe('rows of a stream', () => {
  it('are rejected if their columns differ from the described ones', async () => {
    const body = '{"columns":["m"],"results":[[1]],"types":["UInt64"]}'
    await expect(clientOf(body).hogql(query).stream().next()).rejects.toThrow(
      'The query had the columns n, but its response has m.',
    )
  })
})
