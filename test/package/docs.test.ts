import { symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { brokenLinks, readPages } from './docs/pages.ts'
import { runPage } from './docs/run-page.ts'
import { pulledQueries } from './docs/shown-query.ts'
import { isAsShown, programOf } from './docs/snippets.ts'
import { useProject } from './project.ts'
import { pulledEndpoints } from './pulled-endpoints.ts'
import { pulledProject } from './pulled-project.ts'

const pages = readPages()
const named = pages.map((page) => [page.file, page] as const)
/** Snippets of the README need the reader's own accounts, files and services. */
const running = named.filter(([file, { snippets }]) => file !== 'README.md' && snippets.length > 0)

// Every snippet of the documentation compiles. Snippets of `docs` also run and print the output that the page shows.
const project = useProject()

describe('the documentation', () => {
  beforeAll(() => symlink(resolve('node_modules/chdb'), join(project().folder, 'node_modules/chdb')))

  it('has at least 12 job pages with two snippets each', () => {
    const jobs = pages.filter(({ file }) => file.startsWith('docs/jobs/'))
    expect(jobs.length).toBeGreaterThanOrEqual(12)
    for (const { file, snippets } of jobs) expect(snippets.length, file).toBeGreaterThanOrEqual(2)
    expect(pages[0]?.snippets.length).toBeGreaterThanOrEqual(3)
  })

  it('has only snippets that compile', async () => {
    const locations = new Map<string, string>()
    for (const { file, folder, text, snippets } of pages) {
      await project().write(`${folder}/posthog.endpoints.ts`, pulledEndpoints)
      if (text.includes('./posthog.queries.js'))
        await project().write(`${folder}/posthog.queries.ts`, pulledQueries(text))
      await project().write(`${folder}/posthog.project.ts`, pulledProject)
      for (const [index, snippet] of snippets.entries()) {
        const program = await project().write(`${folder}/snippet-${index + 1}.ts`, programOf(snippet.code))
        locations.set(program, `${file}:${snippet.line}`)
      }
    }
    const problems = compile(project(), [...locations.keys()])
    const locationOf = (program: string): string => `${locations.get(program) ?? program}, line`
    expect(problems.map((problem) => problem.replace(/^[^:]+(?=:)/, locationOf))).toEqual([])
  })

  it.each(running)('%s: the snippets print the output that the page shows', async (file, page) => {
    const printed = await runPage(project(), page)
    const different = page.snippets.flatMap(({ line, printed: shown = '' }, index) => {
      const text = printed[index] ?? ''
      return isAsShown(text, shown) ? [] : [{ location: `${file}:${line}`, text, shown }]
    })
    expect(different).toEqual([])
  })

  it.each(named)('%s: every link leads to an existing file and heading', (_, page) => {
    expect(brokenLinks(page)).toEqual([])
  })
})
