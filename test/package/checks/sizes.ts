import { relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import type { Project } from '../project.ts'

/** Bytes of a program, minified and compressed with gzip -9, as a bundler that splits would ship it. */
interface Shipped {
  /** What is loaded at the start. */
  readonly initial: number
  /** That, and everything that may be loaded later. */
  readonly total: number
}

async function shipped(project: Project, contents: string): Promise<Shipped> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: project.folder, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: 'out',
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['zod'],
    logLevel: 'silent',
  })
  const texts = new Map(outputFiles.map(({ path, text }) => [relative('.', path), text]))
  const first = new Set<string>()
  const follow = (name: string): void => {
    if (first.has(name)) return
    first.add(name)
    for (const { path, kind } of metafile.outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && texts.has(path)) follow(path)
    }
  }
  follow('out/stdin.js')
  const zipped = (names: Iterable<string>): number => {
    const text = [...names].map((name) => texts.get(name) ?? '').join('\n')
    return gzipSync(text, { level: 9 }).byteLength
  }
  return { initial: zipped(first), total: zipped(texts.keys()) }
}

const programs: readonly (readonly [name: string, maxBytes: number, program: string])[] = [
  [
    'one operation of typehog/api',
    6_000,
    `import { listCohorts } from 'typehog/api'\nglobalThis.run = (client) => listCohorts({ client })`,
  ],
  [
    'a client that runs endpoints',
    14_000,
    `import { createClient } from 'typehog'\nglobalThis.run = (endpoint) => createClient().endpoints.run(endpoint)`,
  ],
  [
    'a client that runs HogQL',
    14_000,
    `import { createClient, hogql } from 'typehog'\nglobalThis.run = (id) => createClient().hogql(hogql\`select ${'$'}{id}\`)`,
  ],
  [
    'one validator, without zod',
    20_000,
    `import { zCohort } from 'typehog/zod'\nglobalThis.run = (value) => zCohort.parse(value)`,
  ],
  ['an import that is not used', 1_000, `import { createClient } from 'typehog'\nimport 'typehog/api'`],
]

/** Bytes of any of them with everything that may be loaded later. */
const maxTotal = 48_000

/** What a program pays for what it uses. */
export function describeSizes(project: () => Project): void {
  describe('the size', () => {
    it.each(programs)('of %s is at most %i bytes', async (name, maxBytes, program) => {
      const { initial, total } = await shipped(project(), program)
      console.log(`${name}: ${initial} bytes at the start, ${total} in all`)
      expect(initial).toBeGreaterThan(0)
      expect(initial).toBeLessThanOrEqual(maxBytes)
      expect(total).toBeLessThanOrEqual(maxTotal)
    })
  })
}
