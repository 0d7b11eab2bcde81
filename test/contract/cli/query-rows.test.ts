import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { typescriptTypeOfColumn } from '../../../src/codegen/queries/row-type.ts'
import { createClient, type HogQL, hogql, type TypehogClient } from '../../../src/index.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
let client: TypehogClient
beforeAll(async () => {
  harness = await startCliHarness()
  const { url, posthog } = harness
  client = createClient({ host: url, projectId: posthog.projectId, apiKey: posthog.personalApiKey })
})
afterAll(() => harness[Symbol.asyncDispose]())

/** The type of a decoded value, in the words of a row type. */
function typeOfValue(value: unknown): string {
  if (value === null) return 'null'
  if (!Array.isArray(value)) return typeof value
  return `[${value.map(typeOfValue).join(', ')}]`
}

/** Whether a value has a type. */
function fits(value: unknown, type: string): boolean {
  if (type.endsWith(' | null')) return value === null || fits(value, type.slice(0, -' | null'.length))
  const element = /^\(?(.*?)\)?\[\]$/.exec(type)?.[1]
  if (element !== undefined) return Array.isArray(value) && value.every((item) => fits(item, element))
  if (type.startsWith('Record<string, ')) {
    const inner = type.slice('Record<string, '.length, -1)
    return Object.values(Object(value)).every((item) => fits(item, inner))
  }
  return type === 'unknown' || typeOfValue(value) === type
}

describe('the row type of a column', () => {
  it.each([
    ['toInt(5)', 'number'],
    ['count()', 'number'],
    ['1', 'number'],
    ['1.5', 'number'],
    ['toFloat(2)', 'number'],
    ["toDecimal('1.5', 2)", 'string'],
    ["'a'", 'string'],
    ["toUUID('00000000-0000-4000-8000-000000000000')", 'string | null'],
    ['true', 'boolean'],
    ['now()', 'string'],
    ['today()', 'string'],
    ['null', 'null'],
    ["nullIf('a', 'b')", 'string | null'],
    ['[1, 2]', 'number[]'],
    ["[nullIf('a', 'b'), null]", '(string | null)[]'],
    ["tuple(1, 'a', true)", '[number, string, boolean]'],
    ["map('a', 1)", 'Record<string, number>'],
    ['toIntervalDay(1)', 'unknown'],
  ])('of %s is what the client decodes', async (expression, expected) => {
    const { rows, types } = await client.hogql(hogql.text(`select ${expression} as value`))
    const [type = ''] = types
    expect(typescriptTypeOfColumn(type).replace(/ \| null$/, '')).toBe(expected.replace(/ \| null$/, ''))
    const value = rows[0]?.['value']
    expect([value, type, fits(value, typescriptTypeOfColumn(type))]).toEqual([value, type, true])
  })
})

describe('a generated module', () => {
  it('runs queries with bound values', async () => {
    const folder = join(harness.folder, 'queries')
    await mkdir(folder)
    await writeFile(
      join(folder, 'by-event.sql'),
      `select event, count() as n, {label} as label from events
where timestamp > {since} and event in {events} group by event order by event limit {rows}
-- @param label String`,
    )
    expect((await harness.run(['queries', 'pull'])).code).toBe(0)
    const module = join(harness.folder, 'posthog.queries.ts')
    const text = await readFile(module, 'utf8')
    await writeFile(module, text.replace("'typehog'", `'${resolve('src/index.ts')}'`))
    const { queries }: Module = await import(/* @vite-ignore */ module)
    const label = `it's {since} \`\${1}\` \\`
    const given = { since: new Date(0), events: ['$pageview', "'x"], rows: 10n, label }
    const query = queries.byEvent(given)
    expect(query.query).not.toContain(label)
    const { rows } = await client.hogql(query)
    expect(rows).toEqual([{ event: '$pageview', n: expect.any(Number), label }])
    expect(await client.hogql(queries.byEvent({ ...given, events: [] })).rows()).toEqual([])
    const all = await client.hogql.all({ one: query, two: queries.byEvent({ ...given, rows: 1 }) })
    expect(all.two.rows).toEqual(rows)
    const streamed = []
    for await (const row of client.hogql(query).stream()) streamed.push(row)
    expect(streamed).toEqual(rows)
  })
})

interface Module {
  readonly queries: {
    readonly byEvent: (params: object) => HogQL<{ event: string; n: number; label: string }>
  }
}
