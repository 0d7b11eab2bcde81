import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from './pages.ts'

/** Links of a page to missing files and headings. */
export function brokenLinks({ file, text }: Pick<Page, 'file' | 'text'>): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/``.+?``|`[^`]*`/g, '')
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.filter((target) => !/^https?:/.test(target) && !leadsSomewhere(file, target))
}

function leadsSomewhere(from: string, target: string): boolean {
  const [path = '', heading] = target.split('#')
  const file = path === '' ? from : join(dirname(from), path)
  if (!existsSync(file)) return false
  return heading === undefined || headings(readFileSync(file, 'utf8')).has(heading)
}

/** Anchors of headings as GitHub names them, and explicit anchors. */
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
