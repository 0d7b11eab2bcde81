import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { brokenLinks } from '../../package/docs/pages.ts'

const files = ['CONTRIBUTING.md', 'AGENTS.md', 'SECURITY.md', 'docs/architecture.md', 'docs/glossary.md']

describe.each(files)('%s', (file) => {
  const text = readFileSync(file, 'utf8')

  it('links to files and headings that exist', () => {
    expect(brokenLinks({ file, text })).toEqual([])
  })

  it('names paths that exist', () => {
    expect(pathsIn(text).filter((path) => !existsSync(path))).toEqual([])
  })
})

describe('the check of paths', () => {
  it('finds paths in prose, tables and diagrams', () => {
    const text =
      'See `src/index.ts`, [this](docs/README.md) and\nsrc/missing/   a folder.\n`../src/x` `typehog/api`'
    expect(pathsIn(text)).toEqual(['src/index.ts', 'docs/README.md', 'src/missing/'])
  })

  it.each(['docs/architecture.md', 'CONTRIBUTING.md', 'AGENTS.md'])('applies to %s', (file) => {
    expect(pathsIn(readFileSync(file, 'utf8')).length).toBeGreaterThan(5)
  })
})

/** Paths from the root of the repository: those that start with one of its folders. */
function pathsIn(text: string): string[] {
  const path = /(?<![\w/.-])(?:src|test|scripts|docs|openapi|bench|examples|api|\.github|\.ci)\/[\w./-]*/g
  return [...text.matchAll(path)].map(([found]) => found.replace(/\.$/, ''))
}
