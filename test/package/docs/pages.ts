import { readdirSync, readFileSync } from 'node:fs'
import { type Snippet, snippetsOf } from './snippets.ts'

/** A hand-written page of the documentation. */
export interface Page {
  /** Such as `docs/jobs/query.md`. */
  readonly file: string
  readonly text: string
  readonly snippets: readonly Snippet[]
  /** Folder for its programs, inside a project. */
  readonly folder: string
}

/** Generated pages, which have their own tests. */
const written = /^docs\/(?:reference\/|coverage\.md$)/

/** Reads all pages, the README first. */
export function readPages(): Page[] {
  const files = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.md') && !written.test(file))
    .sort()
  return ['README.md', ...files].map((file) => {
    const text = readFileSync(file, 'utf8')
    return { file, text, snippets: snippetsOf(text), folder: `pages/${file.replace(/\.md$/, '')}` }
  })
}
