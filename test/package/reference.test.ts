import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { exampleProgramsOf, exportsOf } from './docs/comment-examples.ts'
import { brokenLinks } from './docs/pages.ts'
import { useProject } from './project.ts'

const run = promisify(execFile)
const committed = 'docs/reference'

/** The pages of a folder, by name. */
async function pagesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.md')).sort()
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)
  return Object.fromEntries(await Promise.all(texts))
}

describe('the reference', () => {
  const project = useProject()
  let folder: string
  let written: Record<string, string>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'typehog-reference-'))
    await run('node_modules/.bin/tsc', ['-b', 'tsconfig.generated.json'])
    // typedoc fails on an export without a doc comment and on a broken link in one.
    await run('node_modules/.bin/typedoc', ['--out', folder])
    written = await pagesOf(folder)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is up to date with `npm run reference`', async () => {
    const before = await pagesOf(committed)
    const different = [...new Set([...Object.keys(before), ...Object.keys(written)])].filter(
      (name) => before[name] !== written[name],
    )
    expect(different).toEqual([])
  })

  it('has a page for each export and less than 1 MB of text', async () => {
    for (const [entry, source] of Object.entries({
      '': 'index',
      '/testing': 'testing',
      '/redis': 'redis',
      '/formats': 'formats',
      '/projects': 'projects',
    })) {
      const index = written[`typehog${entry}/README.md`] ?? ''
      const missing = exportsOf(`src/${source}.ts`).filter((name) => !index.includes(`[${name}](`))
      expect(missing, entry).toEqual([])
    }
    expect(Object.values(written).reduce((sum, text) => sum + text.length, 0)).toBeLessThan(1_000_000)
  })

  it('has no broken links', () => {
    const broken = Object.entries(written).flatMap(([name, text]) => {
      return brokenLinks({ file: join(folder, name), text }).map((target) => `${name}: ${target}`)
    })
    expect(broken).toEqual([])
  })

  it('has only examples that compile', async () => {
    const pages = Object.entries(written).flatMap(([name, text]) => {
      return exampleProgramsOf(text).map((program, index) => [
        `${basename(name, '.md')}-${index + 1}.ts`,
        program,
      ])
    })
    // The example of an inherited member is on several pages.
    const programs = new Map(pages.map(([name = '', program = '']) => [program, name]))
    expect(programs.size).toBeGreaterThan(60)
    const files = [...programs].map(([program, name]) => project().write(name, program))
    expect(compile(project(), await Promise.all(files), 'nodenext', { skipLibCheck: true })).toEqual([])
  })
})
