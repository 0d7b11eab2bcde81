import { describe, expect, it } from 'vitest'
import { bundleSize } from './bundle-size.ts'
import { useProject } from './project.ts'

/** Maximum bytes of the whole main entry. */
const maxClient = 98_500

const programs: readonly (readonly [name: string, maxBytes: number, program: string])[] = [
  [
    'one operation of typehog/api',
    6_000,
    `import { listCohorts } from 'typehog/api'\nglobalThis.run = (client) => listCohorts({ client })`,
  ],
  [
    'a client with all resources',
    maxClient,
    `import { createClient } from 'typehog'\nglobalThis.run = () => createClient()`,
  ],
  ['the whole main entry', maxClient, `import * as typehog from 'typehog'\nglobalThis.typehog = typehog`],
  [
    'one validator, without zod',
    20_000,
    `import { zCohort } from 'typehog/zod'\nglobalThis.run = (value) => zCohort.parse(value)`,
  ],
  ['an unused import', 1_000, `import { createClient } from 'typehog'\nimport 'typehog/api'`],
]

// Sizes in bytes, minified and compressed with gzip -9.
const project = useProject()

describe('the bundle', () => {
  it.each(programs)('of %s is at most %i bytes', async (name, maxBytes, program) => {
    const bytes = await bundleSize(project(), program)
    console.log(`${name}: ${bytes} bytes`)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(maxBytes)
  })
})
