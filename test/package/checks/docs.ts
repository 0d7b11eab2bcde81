import { symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import { brokenLinks } from '../docs/broken-links.ts'
import { readPages } from '../docs/pages.ts'
import { runPage } from '../docs/run-page.ts'
import { isAsShown, programOf } from '../docs/snippets.ts'
import type { Project } from '../project.ts'
import { pulledEndpoints } from '../pulled-endpoints.ts'

const pages = readPages()
const named = pages.map((page) => [page.file, page] as const)
/** The README's snippets need accounts, files and services that a reader has. */
const running = named.filter(([file, { snippets }]) => file !== 'README.md' && snippets.length > 0)

/** Every snippet of the documentation is a program that compiles; those of `docs` run and print what they show. */
export function describeDocs(project: () => Project): void {
  describe('the documentation', () => {
    beforeAll(() => symlink(resolve('node_modules/chdb'), join(project().folder, 'node_modules/chdb')))

    it('has the pages and snippets that are looked for', () => {
      const jobs = pages.filter(({ file }) => file.startsWith('docs/jobs/'))
      expect(jobs.length).toBeGreaterThanOrEqual(12)
      for (const { file, snippets } of jobs) expect(snippets.length, file).toBeGreaterThanOrEqual(2)
      expect(pages[0]?.snippets.length).toBeGreaterThanOrEqual(6)
    })

    it('has snippets that all compile', async () => {
      const places = new Map<string, string>()
      for (const { file, folder, snippets } of pages) {
        await project().write(`${folder}/posthog.endpoints.ts`, pulledEndpoints)
        for (const [index, snippet] of snippets.entries()) {
          const program = await project().write(`${folder}/snippet-${index + 1}.ts`, programOf(snippet.code))
          places.set(program, `${file}:${snippet.line}`)
        }
      }
      const problems = compile(project(), [...places.keys()])
      const place = (program: string): string => `${places.get(program) ?? program}, line`
      expect(problems.map((problem) => problem.replace(/^[^:]+(?=:)/, place))).toEqual([])
    })

    it.each(running)('%s: its snippets run, and print what it shows', async (file, page) => {
      const printed = await runPage(project(), page)
      for (const [index, { line, printed: shown = '' }] of page.snippets.entries()) {
        const text = printed[index] ?? ''
        if (!isAsShown(text, shown)) expect(text, `${file}:${line}`).toBe(shown)
      }
    })

    it.each(named)('%s leads to files and headings that are there', (_, page) => {
      expect(brokenLinks(page)).toEqual([])
    })
  })
}
