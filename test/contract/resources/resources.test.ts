import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coverageTable, methodsOfResources } from './coverage.ts'
import { type Environment, localEnvironment, mockEnvironment, scenarios } from './environments.ts'

const methods = methodsOfResources()

describe.each([
  ['the local PostHog, with responses validated by the schema', localEnvironment],
  ['a mock of the schema, with validated requests', mockEnvironment],
])('against %s', (_, start) => {
  let environment: Environment
  beforeAll(async () => {
    environment = await start()
  })
  afterAll(() => environment[Symbol.asyncDispose]())

  it.each(Object.entries(scenarios))('every method of %s resolves', async (_, scenario) => {
    await expect(environment.run(scenario)).resolves.toBeUndefined()
  })

  it('every method of every resource sends a request', () => {
    const { recording } = environment
    expect(methods.filter((method) => (recording.get(method)?.size ?? 0) === 0)).toEqual([])
  })

  it('every method sends only the operations in its row of docs/coverage.md', async () => {
    const lines = (await readFile('docs/coverage.md', 'utf8')).split('\n')
    const undocumented = methods.flatMap((method) => {
      const row = lines.find((line) => line.startsWith(`| \`${method}\` |`)) ?? ''
      const operations = [...(environment.recording.get(method) ?? [])]
      return operations
        .filter((operation) => !row.includes(`\`${operation}\``))
        .map((operation) => `${method}: ${operation}`)
    })
    expect(undocumented).toEqual([])
  })
})

describe('docs/coverage.md', () => {
  it('has one row for each method', async () => {
    const table = await readFile('docs/coverage.md', 'utf8')
    const rows = [...table.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, method]) => method)
    expect(rows).toEqual(methods)
  })

  it('counts the methods', () => {
    expect(coverageTable([], new Map())).toContain('0 methods.')
  })
})
