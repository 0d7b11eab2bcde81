import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointDescription } from '../../../../src/codegen/endpoints/describe-endpoint.ts'
import { renderModule } from '../../../../src/codegen/endpoints/render-module.ts'
import { compile, compileAll, evaluate } from './compile.ts'
import { described } from './documents.ts'

const source = { host: 'https://us.posthog.com', projectId: '1' }
const plain = described({
  properties: { country: { type: 'string' }, since: { type: 'string', format: 'date' } },
  required: ['since'],
})
const head = `import { run } from 'typehog'\nimport { endpoints } from './posthog.endpoints.ts'\n`

/** Texts that try to leave a comment, a string or a template. */
const hostile = [
  '*/ throw 1 /*',
  "'+(()=>{throw 1})()+'",
  `\`\${1}\``,
  '\\',
  "\\'",
  'a\nb',
  '\u2028',
  '</script>',
  '__proto__',
  '\u202eabc',
  '',
]

describe('a generated module', { timeout: 30_000 }, () => {
  const module = renderModule([plain], source)

  it('lets right calls compile without a cast', () => {
    const program = `${head}
export const path: string | null = run(endpoints.topPages, { since: '2026-01-01' }).path
export const views: number | null = run(endpoints.topPages, { since: '2026-01-01', country: null }).views`
    expect(compile(module, program)).toEqual([])
  })

  it.each([
    ['a missing variable', 'run(endpoints.topPages, {})', "'since' is missing"],
    ['no variables at all', 'run(endpoints.topPages)', 'Expected 2 arguments'],
    ['an unknown variable', "run(endpoints.topPages, { since: '', planet: '' })", "'planet' does not exist"],
    ['a variable of another type', 'run(endpoints.topPages, { since: 1 })', 'not assignable'],
    [
      'a column that is not there',
      "run(endpoints.topPages, { since: '' }).profit",
      "'profit' does not exist",
    ],
    ['an endpoint that is not there', 'run(endpoints.topPage)', "'topPage' does not exist"],
    ['a column that may be null', "run(endpoints.topPages, { since: '' }).views.toFixed()", 'possibly'],
  ])('makes %s an error', (_, call, message) => {
    const problems = compile(module, `${head}${call}\n`)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(message)
  })

  it('takes no variables where there are none', () => {
    const none = renderModule([described()], source)
    expect(compile(none, `${head}run(endpoints.topPages)\nrun(endpoints.topPages, {})\n`)).toEqual([])
    expect(compile(none, `${head}run(endpoints.topPages, { a: 1 })\n`)).toHaveLength(1)
  })

  it('types the results of insights by their kind', () => {
    const trends = described({
      endpoint: { query: { kind: 'TrendsQuery' } },
      properties: { $browser: { type: 'string' } },
    })
    const funnel = described({ endpoint: { name: 'steps', query: { kind: 'FunnelsQuery' } } })
    const program = `${head}
export const data: readonly number[] = run(endpoints.topPages, { $browser: 'Chrome' }).data
export const steps: unknown = run(endpoints.steps)`
    expect(compile(renderModule([trends, funnel], source), program)).toEqual([])
  })

  it('is a module also when there is no endpoint', async () => {
    const empty = renderModule([], source)
    expect(compile(empty)).toEqual([])
    expect(await evaluate(empty)).toEqual({})
  })

  it('has the same bytes in whatever order the endpoints come', () => {
    const names = ['b', 'a', 'C', 'a_b', 'a-b'].map((name) => ({ ...plain, name }))
    expect(renderModule([...names].reverse(), source)).toBe(renderModule(names, source))
  })

  it('gives names that fold to one key different keys, by their order', async () => {
    const module = renderModule(
      ['a_b', 'a-b', 'A-b'].map((name) => ({ ...plain, name })),
      source,
    )
    expect(compile(module)).toEqual([])
    expect(await evaluate(module)).toMatchObject({
      aB: { name: 'A-b' },
      aB_2: { name: 'a-b' },
      aB_3: { name: 'a_b' },
    })
  })

  it('has rows of kinds that are keys of every object', () => {
    const modules = ['constructor', 'toString', '__proto__', 'hasOwnProperty'].map((kind) =>
      renderModule([described({ endpoint: { query: { kind } } })], source),
    )
    for (const module of modules) expect(module).toContain('export type TopPagesRow = unknown')
    expect(compileAll(modules)).toEqual([])
  })

  it('keeps the row types of insights apart from endpoints of the same name', () => {
    const trends = described({ endpoint: { name: 'trends', query: { kind: 'TrendsQuery' } } })
    const retention = described({ endpoint: { name: 'retention' } })
    const weekly = described({ endpoint: { name: 'weekly', query: { kind: 'RetentionQuery' } } })
    const program = `${head}
export const data: readonly number[] = run(endpoints.trends).data
export const path: string | null = run(endpoints.retention).path
export const date: string = run(endpoints.weekly).date`
    expect(compile(renderModule([trends, retention, weekly], source), program)).toEqual([])
  })

  it('takes directives of the compiler in descriptions as text', () => {
    const texts = [
      '@ts-expect-error',
      '@ts-ignore',
      ' @ts-expect-error',
      '*@ts-expect-error',
      'see @ts-ignore',
    ]
    const modules = texts.map((description) => {
      const properties = { v: { type: 'string', description } }
      return renderModule([described({ endpoint: { description }, properties })], source)
    })
    for (const module of modules) expect(module).toContain('\\@ts-')
    expect(compileAll(modules)).toEqual([])
  })

  it('has usable keys for endpoints with names that mean something to JavaScript', async () => {
    const names = [
      'constructor',
      'then',
      'class',
      'toString',
      'x',
      'Endpoint',
      '__proto__',
      'a__proto__',
      'prototype',
    ]
    const modules = names.map((name) => renderModule([{ ...plain, name }], source))
    expect(compileAll(modules)).toEqual([])
    for (const [index, name] of names.entries()) {
      expect(Object.values((await evaluate(modules[index] ?? '')) as object)).toMatchObject([{ name }])
    }
  })

  it('compiles and keeps every text, whatever endpoints, variables, columns and descriptions are called', async () => {
    const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme', maxLength: 12 }))
    const named = text.filter((value) => value !== '')
    const endpoint: fc.Arbitrary<EndpointDescription> = fc.record({
      name: named,
      version: fc.integer({ min: 1, max: 9 }),
      kind: fc.constantFrom('HogQLQuery', 'TrendsQuery', 'X'),
      description: text,
      isActive: fc.constant(true),
      materialized: fc.boolean(),
      variables: fc.uniqueArray(
        fc.record({
          name: named,
          type: fc.constantFrom('string', 'number', 'date', 'string[]', 'unknown'),
          required: fc.boolean(),
          nullable: fc.boolean(),
          description: text,
          example: text,
        }),
        { selector: ({ name }) => name, maxLength: 3 },
      ),
      columns: fc.uniqueArray(fc.record({ name: named, type: text }), {
        selector: ({ name }) => name,
        maxLength: 3,
      }),
    })
    const endpoints = fc.uniqueArray(endpoint, { selector: ({ name }) => name, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(endpoints, async (descriptions) => {
        const module = renderModule(descriptions, source)
        const values = Object.values((await evaluate(module)) as Record<string, EndpointDescription>)
        expect(new Set(values.map(({ name }) => name))).toEqual(new Set(descriptions.map(({ name }) => name)))
        for (const { name, version, kind, materialized, columns } of descriptions) {
          expect(values.find((value) => value.name === name)).toEqual({
            name,
            version,
            kind,
            materialized,
            columns,
          })
        }
      }),
      { numRuns: 300 },
    )
  })

  it('compiles with hostile names and descriptions', () => {
    const descriptions = hostile.filter(Boolean).map((text, index) => ({
      ...plain,
      name: `e${index}${text}`,
      description: text,
      variables: [
        {
          name: text,
          type: 'string' as const,
          required: true,
          nullable: false,
          description: text,
          example: text,
        },
      ],
      columns: [{ name: text, type: text }],
    }))
    expect(compile(renderModule(descriptions, source))).toEqual([])
  })
})
