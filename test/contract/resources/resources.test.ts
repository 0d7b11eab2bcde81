import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coverageTable, methodsOfResources } from './coverage.ts'
import { journeys, localPlace, mockPlace, type Place } from './travel.ts'

describe.each([
  ['the local PostHog, by answers that fit the schema', localPlace],
  ['the mock of the schema, by requests that fit it', mockPlace],
])('against %s', (_, open) => {
  let place: Place
  beforeAll(async () => {
    place = await open()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  it.each(Object.entries(journeys))('%s works', async (_, journey) => place.go(journey))

  it('every method of every resource was called, and sent what the table of docs/coverage.md says', async () => {
    const methods = methodsOfResources()
    const { recording } = place
    const silent = methods.filter((method) => (recording.get(method)?.size ?? 0) === 0)
    expect(silent).toEqual([])
    const table = await readFile('docs/coverage.md', 'utf8')
    for (const method of methods) {
      const row = table.split('\n').find((line) => line.startsWith(`| \`${method}\` |`)) ?? ''
      for (const operation of recording.get(method) ?? []) expect(row, method).toContain(`\`${operation}\``)
    }
  })
})

describe('the table of docs/coverage.md', () => {
  it('has a row for each method, and no other', async () => {
    const table = await readFile('docs/coverage.md', 'utf8')
    const rows = [...table.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, method]) => method)
    expect(rows).toEqual(methodsOfResources())
    expect(coverageTable([], new Map())).toContain('0 methods.')
  })
})
