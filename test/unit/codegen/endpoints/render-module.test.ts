import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointDescription } from '../../../../src/codegen/endpoints/describe-endpoint.ts'
import { hasRegistry, renderModule } from '../../../../src/codegen/endpoints/render-module.ts'
import { createCompiler, evaluate } from './compile.ts'
import { described } from './documents.ts'

const source = { host: 'https://us.posthog.com', projectId: '1' }
const plain = described({
  properties: { country: { type: 'string' }, since: { type: 'string', format: 'date' } },
  required: ['since'],
})
const head = `import { run } from 'typehog'\nimport { endpoints } from './posthog.endpoints.ts'\n`

/** Strings that would end a comment, a string or a template if they were not escaped. */
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
  const compile = createCompiler()
  // Cases share a program, where two modules with the same name conflict in the registry.
  const render = (descriptions: readonly EndpointDescription[]): string =>
    renderModule(descriptions, source, { registry: false })
  const module = renderModule([plain], source)

  const rightCalls = compile(
    render([plain]),
    `${head}
export const path: string | null = run(endpoints.topPages, { since: '2026-01-01' }).path
export const views: number | null = run(endpoints.topPages, { since: '2026-01-01', country: null }).views`,
  )
  it('lets right calls compile without a cast', () => expect(rightCalls()).toEqual([]))

  const wrongCalls = (
    [
      ['a missing variable', 'run(endpoints.topPages, {})', "'since' is missing"],
      ['no variables', 'run(endpoints.topPages)', 'Expected 2 arguments'],
      [
        'an unknown variable',
        "run(endpoints.topPages, { since: '', planet: '' })",
        "'planet' does not exist",
      ],
      ['a variable of another type', 'run(endpoints.topPages, { since: 1 })', 'not assignable'],
      ['an unknown column', "run(endpoints.topPages, { since: '' }).profit", "'profit' does not exist"],
      ['an unknown endpoint', 'run(endpoints.topPage)', "'topPage' does not exist"],
      ['a column that may be null', "run(endpoints.topPages, { since: '' }).views.toFixed()", 'possibly'],
    ] as const
  ).map(([name, call, message]) => ({
    name,
    message,
    problems: compile(render([plain]), `${head}${call}\n`),
  }))
  it.each(wrongCalls)('makes $name an error', ({ message, problems }) => {
    expect(problems()).toEqual([expect.stringContaining(message)])
  })

  const byName = compile(
    module,
    `import { named, run } from 'typehog'\nimport './posthog.endpoints.ts'
export const views: number | null = run(named('top-pages'), { since: '2026-01-01' }).views\n`,
  )
  it('types its endpoints by name', () => expect(byName()).toEqual([]))

  it('types no names without the registry', () => {
    const withoutRegistry = render([plain])
    expect(withoutRegistry).not.toContain('declare module')
    expect([hasRegistry(module), hasRegistry(withoutRegistry)]).toEqual([true, false])
    expect(module.startsWith(withoutRegistry)).toBe(true)
  })

  const withoutVariables = render([described()])
  const callWithoutVariables = compile(
    withoutVariables,
    `${head}run(endpoints.topPages)\nrun(endpoints.topPages, {})\n`,
  )
  const callWithVariables = compile(withoutVariables, `${head}run(endpoints.topPages, { a: 1 })\n`)
  it('accepts no variables for an endpoint without variables', () => {
    expect(callWithoutVariables()).toEqual([])
    expect(callWithVariables()).toHaveLength(1)
  })

  const trends = described({
    endpoint: { query: { kind: 'TrendsQuery' } },
    properties: { $browser: { type: 'string' } },
  })
  const funnel = (name: string, query: object): EndpointDescription =>
    described({ endpoint: { name, query: { kind: 'FunnelsQuery', ...query } } })
  const insightCalls = compile(
    render([
      trends,
      funnel('steps', {}),
      funnel('stepsByBrowser', { breakdownFilter: { breakdown: '$browser' } }),
      funnel('rates', { funnelsFilter: { funnelVizType: 'trends' } }),
      funnel('times', { funnelsFilter: { funnelVizType: 'time_to_convert' } }),
      funnel('flow', { funnelsFilter: { funnelVizType: 'flow' } }),
      described({ endpoint: { name: 'heatmap', query: { kind: 'CalendarHeatmapQuery' } } }),
    ]),
    `${head}
export const data: readonly number[] = run(endpoints.topPages, { $browser: 'Chrome' }).data
export const step: number | null = run(endpoints.steps).average_conversion_time
export const steps: string | null | undefined = run(endpoints.stepsByBrowser)[0]?.name
export const days: readonly string[] = run(endpoints.rates).days
export const bins: readonly (readonly number[])[] = run(endpoints.times).bins
// @ts-expect-error rows of a flow have no stable type
export const flow: object = run(endpoints.flow)
// @ts-expect-error rows of other kinds have no stable type
export const heatmap: object = run(endpoints.heatmap)`,
  )
  it('types insight results by the kind of the insight', () => expect(insightCalls()).toEqual([]))

  const empty = render([])
  const emptyProblems = compile(empty)
  it('compiles without any endpoint', async () => {
    expect(emptyProblems()).toEqual([])
    expect(await evaluate(empty)).toEqual({})
  })

  it('has the same bytes in any order of the endpoints', () => {
    const names = ['b', 'a', 'C', 'a_b', 'a-b'].map((name) => ({ ...plain, name }))
    expect(render([...names].reverse())).toBe(render(names))
  })

  const similarNames = render(['a_b', 'a-b', 'A-b'].map((name) => ({ ...plain, name })))
  const similarNamesProblems = compile(similarNames)
  it('numbers the keys of names that convert to the same key, in sorted order', async () => {
    expect(similarNamesProblems()).toEqual([])
    expect(await evaluate(similarNames)).toMatchObject({
      aB: { name: 'A-b' },
      aB_2: { name: 'a-b' },
      aB_3: { name: 'a_b' },
    })
  })

  const inheritedKinds = ['constructor', 'toString', '__proto__', 'hasOwnProperty'].map((kind) => {
    const module = render([described({ endpoint: { query: { kind } } })])
    return { kind, module, problems: compile(module) }
  })
  it.each(inheritedKinds)('types rows as unknown when the kind is $kind', ({ module, problems }) => {
    expect(module).toContain('export type TopPagesRow = unknown')
    expect(problems()).toEqual([])
  })

  const insightNames = compile(
    render([
      described({ endpoint: { name: 'trends', query: { kind: 'TrendsQuery' } } }),
      described({ endpoint: { name: 'retention' } }),
      described({ endpoint: { name: 'weekly', query: { kind: 'RetentionQuery' } } }),
    ]),
    `${head}
export const data: readonly number[] = run(endpoints.trends).data
export const path: string | null = run(endpoints.retention).path
export const date: string = run(endpoints.weekly).date`,
  )
  it('separates the row types of insights from endpoints of the same name', () => {
    expect(insightNames()).toEqual([])
  })

  const directives = [
    '@ts-expect-error',
    '@ts-ignore',
    ' @ts-expect-error',
    '*@ts-expect-error',
    'see @ts-ignore',
  ].map((description) => {
    const properties = { v: { type: 'string', description } }
    const module = render([described({ endpoint: { description }, properties })])
    return { description, module, problems: compile(module) }
  })
  it.each(directives)(
    'escapes the compiler directive "$description" in descriptions',
    ({ module, problems }) => {
      expect(module).toContain('\\@ts-')
      expect(problems()).toEqual([])
    },
  )

  const reservedNames = [
    'constructor',
    'then',
    'class',
    'toString',
    'x',
    'Endpoint',
    '__proto__',
    'a__proto__',
    'prototype',
  ].map((name) => {
    const module = render([{ ...plain, name }])
    return { name, module, problems: compile(module) }
  })
  it.each(reservedNames)(
    'has a usable key for an endpoint named $name',
    async ({ name, module, problems }) => {
      expect(problems()).toEqual([])
      expect(Object.values((await evaluate(module)) as object)).toMatchObject([{ name }])
    },
  )

  it('evaluates to the same names and columns for any text in them', async () => {
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
        const module = render(descriptions)
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

  const hostileDescriptions = hostile.filter(Boolean).map((text, index) => ({
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
  const hostileProblems = compile(renderModule(hostileDescriptions, source))
  it('compiles with hostile names and descriptions', () => expect(hostileProblems()).toEqual([]))
})
