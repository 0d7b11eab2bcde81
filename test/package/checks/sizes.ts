import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import type { Project } from '../project.ts'

/** Bytes of a program as a bundler would ship it: bundled, minified and compressed with gzip -9. */
async function shipped(project: Project, contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project.folder, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['zod'],
    logLevel: 'silent',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('The bundler wrote nothing.')
  return gzipSync(file.contents, { level: 9 }).byteLength
}

const programs: readonly (readonly [name: string, maxBytes: number, program: string])[] = [
  [
    'one operation of typehog/api',
    6_000,
    `import { listCohorts } from 'typehog/api'\nglobalThis.run = (client) => listCohorts({ client })`,
  ],
  [
    'a client that runs endpoints',
    15_000,
    `import { createClient } from 'typehog'\nglobalThis.run = (endpoint) => createClient().endpoints.run(endpoint)`,
  ],
  [
    'one validator, without zod',
    20_000,
    `import { zCohort } from 'typehog/zod'\nglobalThis.run = (value) => zCohort.parse(value)`,
  ],
  ['an import that is not used', 1_000, `import { createClient } from 'typehog'\nimport 'typehog/api'`],
]

/** What a program pays for what it uses. */
export function describeSizes(project: () => Project): void {
  describe('the size', () => {
    it.each(programs)('of %s is at most %i bytes', async (name, maxBytes, program) => {
      const bytes = await shipped(project(), program)
      console.log(`${name}: ${bytes} bytes`)
      expect(bytes).toBeGreaterThan(0)
      expect(bytes).toBeLessThanOrEqual(maxBytes)
    })
  })
}
