import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { configJsonSchema } from '../../../../src/cli/config/json-schema.ts'
import { validateConfig } from '../../../../src/cli/config/validate-config.ts'
import type { TypehogConfig } from '../../../../src/index.ts'

const complete = {
  $schema: './node_modules/typehog/dist/config.schema.json',
  host: 'https://eu.posthog.com',
  projectId: 123,
  endpoints: {
    module: 'src/posthog.endpoints.ts',
    names: ['top-pages'],
    includeInactive: true,
    files: ['endpoints'],
    registry: true,
  },
  queries: { files: ['sql/**/*.sql'], module: 'src/posthog.queries.mts', source: ['src/**/*.ts'] },
  project: {
    module: 'src/posthog.project.ts',
    include: ['events', 'variables'],
    maxEvents: 50,
    strictNames: true,
  },
  schema: { module: 'src/posthog.schema.ts' },
} satisfies TypehogConfig

const problemsOf = (value: unknown): string[] =>
  validateConfig(value, (path) => path).problems.map(({ pointer, message, fix }) =>
    [`${pointer}: ${message}`, ...(fix === undefined ? [] : [fix])].join(' | '),
  )

/** Files that the validation rejects, each with its problem. */
const invalid: readonly (readonly [value: unknown, problem: string])[] = [
  [[], ': expected an object, got an array'],
  [{ endpoint: {} }, '/endpoint: unknown key | Did you mean "endpoints"?'],
  [{ endpoints: { modul: 'a.ts' } }, '/endpoints/modul: unknown key | Did you mean "module"?'],
  [{ constructor: {} }, '/constructor: unknown key'],
  [{ 'a/b~c': 1 }, '/a~1b~0c: unknown key'],
  [{ host: 'eu.posthog.com' }, '/host: expected a URL such as https://eu.posthog.com, got "eu.posthog.com"'],
  [{ host: 'https://me:secret@example.com' }, '/host: expected a URL'],
  [{ projectId: '123' }, '/projectId: expected a positive integer, got "123"'],
  [{ projectId: 0 }, '/projectId: expected a positive integer, got 0'],
  [{ endpoints: true }, '/endpoints: expected an object, got true'],
  [{ endpoints: { module: 'a.js' } }, '/endpoints/module: expected the path of a TypeScript file'],
  [{ endpoints: { module: 'a.d.ts' } }, '/endpoints/module: expected the path of a TypeScript file'],
  [{ endpoints: { names: [] } }, '/endpoints/names: expected at least one item | Omit the key.'],
  [{ endpoints: { names: 'a' } }, '/endpoints/names: expected an array of strings, got "a"'],
  [{ endpoints: { names: [''] } }, '/endpoints/names/0: expected a string that is not empty, got ""'],
  [{ endpoints: { registry: 1 } }, '/endpoints/registry: expected true or false, got 1'],
  [{ project: { include: ['flags'] } }, '/project/include/0: expected one of events, featureFlags'],
]

describe('validateConfig', () => {
  it('accepts each key of TypehogConfig', () => {
    expect(validateConfig(complete, (path) => path)).toEqual({ config: complete, problems: [] })
  })

  it.each(invalid)('rejects %j', (value, problem) => {
    const problems = problemsOf(value)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  it('reports all problems', () => {
    expect(problemsOf({ projectId: -1, host: 7, schema: { x: 1 } })).toHaveLength(3)
  })

  it('rebases paths, completes sections with defaults and keeps the order of the sections', () => {
    const value = { schema: {}, queries: { source: ['src/*.ts'] }, endpoints: { names: ['a'] } }
    const { config } = validateConfig(value, (path) => `up/${path}`)
    expect(JSON.stringify(config)).toBe(
      JSON.stringify({
        schema: { module: 'up/posthog.schema.ts' },
        queries: {
          source: ['up/src/*.ts'],
          files: ['up/queries/**/*.sql'],
          module: 'up/posthog.queries.ts',
        },
        endpoints: { names: ['a'], module: 'up/posthog.endpoints.ts', includeInactive: false },
      }),
    )
  })
})

describe('configJsonSchema', () => {
  const { $schema, ...schema } = configJsonSchema()
  const check = z.fromJSONSchema(schema)

  it('accepts what the validation accepts', () => {
    expect($schema).toBe('http://json-schema.org/draft-07/schema#')
    for (const value of [complete, {}, { endpoints: {} }]) {
      expect(check.safeParse(value).success, JSON.stringify(value)).toBe(true)
    }
  })

  it.each(invalid.filter(([value]) => !Array.isArray(value)))('rejects %j', (value) => {
    expect(check.safeParse(value).success).toBe(false)
  })
})
