import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { loadedFiles } from '../loaded-files.ts'
import type { Project } from '../project.ts'
import { ship, zippedSize } from '../ship.ts'

/** Bytes of a client at the start, from which every resource can be reached. */
const maxStart = 14_000

const programs: readonly (readonly [name: string, maxBytes: number, program: string])[] = [
  [
    'one operation of typehog/api',
    6_000,
    `import { listCohorts } from 'typehog/api'\nglobalThis.run = (client) => listCohorts({ client })`,
  ],
  [
    'a client that runs endpoints',
    maxStart,
    `import { createClient } from 'typehog'\nglobalThis.run = (endpoint) => createClient().endpoints.run(endpoint)`,
  ],
  [
    'a client that runs HogQL',
    maxStart,
    `import { createClient, hogql } from 'typehog'\nglobalThis.run = (id) => createClient().hogql(hogql\`select ${'$'}{id}\`)`,
  ],
  [
    'one validator, without zod',
    20_000,
    `import { zCohort } from 'typehog/zod'\nglobalThis.run = (value) => zCohort.parse(value)`,
  ],
  ['an import that is not used', 1_000, `import { createClient } from 'typehog'\nimport 'typehog/api'`],
]

const oneResource: readonly (readonly [name: string, maxBytes: number, program: string])[] = [
  [
    'posthog.annotations.list()',
    22_000,
    `import { createClient } from 'typehog'
    console.log((await createClient().annotations.list()).items.length)`,
  ],
  [
    'posthog.featureFlags.setRollout()',
    24_500,
    `import { createClient } from 'typehog'
    console.log((await createClient().featureFlags.setRollout('checkout', 25)).to)`,
  ],
]

/** Bytes of any of them with everything that may be loaded later: all resources, streams, exports, failures. */
const maxTotal = 62_000

/** What a program pays for what it uses: bytes, minified and compressed with gzip -9. */
export function describeSizes(project: () => Project): void {
  describe('the size', () => {
    it.each(programs)('of %s is at most %i bytes', async (name, maxBytes, program) => {
      const shipped = await ship(project(), program)
      const initial = zippedSize(shipped, shipped.first)
      const total = zippedSize(shipped, shipped.files.keys())
      console.log(`${name}: ${initial} bytes at the start, ${total} in all`)
      expect(initial).toBeGreaterThan(0)
      expect(initial).toBeLessThanOrEqual(maxBytes)
      expect(total).toBeLessThanOrEqual(maxTotal)
    })

    it('of a client with any one resource is at most 16000 bytes, the code of each call apart', async () => {
      const program = `import { createClient } from 'typehog'\nglobalThis.run = () => createClient()`
      const shipped = await ship(project(), program)
      const catalog = await readFile('src/resources/catalog.ts', 'utf8')
      const names = [...catalog.matchAll(/import\('\.\/(?:.+\/)?([\w-]+)\.ts'\)/g)].map(
        ([, name = '']) => name,
      )
      expect(names.length).toBeGreaterThan(40)
      const sizes = names.map((name) => {
        const files = [...shipped.first, ...shipped.loadedWith('call-resource'), ...shipped.loadedWith(name)]
        return [name, zippedSize(shipped, new Set(files))] as const
      })
      const [largest] = sizes.sort(([, a], [, b]) => b - a)
      console.log(`the largest resource: ${largest?.join(', ')} bytes with the start`)
      expect(sizes.filter(([, bytes]) => bytes > 16_000)).toEqual([])
    })

    it.each(oneResource)('of a client that calls %s is at most %i bytes', async (name, maxBytes, program) => {
      const shipped = await ship(project(), program)
      const loaded = await loadedFiles(project(), name.replace(/\W+/g, '-'), shipped)
      const initial = zippedSize(shipped, shipped.first)
      const bytes = zippedSize(shipped, loaded)
      console.log(`${name}: ${bytes} bytes, of which ${initial} at the start`)
      // Everything at the start is loaded, and something later.
      expect([...shipped.first].filter((file) => !loaded.has(file))).toEqual([])
      expect(loaded.size).toBeGreaterThan(shipped.first.size)
      expect(initial).toBeLessThanOrEqual(maxStart)
      expect(bytes).toBeLessThanOrEqual(maxBytes)
    })
  })
}
