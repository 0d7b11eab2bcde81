import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { renderQueries } from '../../src/codegen/queries/render-queries.ts'
import { described } from '../unit/codegen/queries/described-queries.ts'
import { compile } from './compile.ts'

it('compiles with the strictest settings, and types parameters and rows', () => {
  const program = `
import { createClient } from '../../src/index.ts'
import { queries } from './queries-generated.ts'
const posthog = createClient({ apiKey: 'phx_1', projectId: 1, host: 'http://127.0.0.1:1' })
const given = { since: new Date(), when: null, names: ['a'], n: 5n }
export const first = (await posthog.hogql(queries.topPages(given))).rows[0]?.list[0]?.[1]
export const second = (await posthog.hogql(queries.now())).rows[0]?.a
export const stream = posthog.hogql(queries.now()).stream({ orderBy: ['a'] })
export const all = posthog.hogql.all({ now: queries.now(), top: queries.topPages(given) })
// @ts-expect-error a parameter is missing
queries.topPages({ since: '2026-01-01' })
`
  const [module, main] = ['queries-generated.ts', 'queries-program.ts'].map((name) =>
    resolve('test/types', name),
  )
  const text = renderQueries(described).replace("'typehog'", "'../../src/index.ts'")
  const compiled = compile([], { [`${module}`]: text, [`${main}`]: program })
  expect(compiled(`${module}`).problems).toEqual([])
  const { problems, hover } = compiled(`${main}`)
  expect(problems).toEqual([])
  expect(hover('first')).toBe('number | null | undefined')
  expect(hover('second')).toBe('string | undefined')
})
