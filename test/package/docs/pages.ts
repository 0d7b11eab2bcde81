import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

/** Generated pages, which have their own tests, and the site's packages. */
const otherPages = /^docs\/(?:reference\/|node_modules\/|\.vitepress\/|coverage\.md$|cli\.md$)/

/** Reads all pages, the README first. */
export function readPages(): Page[] {
  const files = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.md') && !otherPages.test(file))
    .sort()
  return ['README.md', ...files].map((file) => {
    const text = readFileSync(file, 'utf8')
    return { file, text, snippets: snippetsOf(text), folder: `pages/${file.replace(/\.md$/, '')}` }
  })
}

/** Returns the links of a page to missing files and headings. */
export function brokenLinks({ file, text }: Pick<Page, 'file' | 'text'>): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/``.+?``|`[^`]*`/g, '')
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.filter((target) => !/^https?:/.test(target) && !targetExists(file, target))
}

function targetExists(from: string, target: string): boolean {
  const [path = '', heading] = target.split('#')
  const file = path === '' ? from : join(dirname(from), path)
  if (!existsSync(file)) return false
  return heading === undefined || headings(readFileSync(file, 'utf8')).has(heading)
}

/** The anchors that GitHub creates for headings, and explicit anchors. */
function headings(text: string): Set<string> {
  const names = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id))
  const counts = new Map<string, number>()
  for (const [, title = ''] of text.matchAll(/^#+ (.+)$/gm)) {
    const name = title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-')
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    names.add(count === 0 ? name : `${name}-${count}`)
  }
  return names
}
