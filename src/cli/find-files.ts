import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { byCodeUnit } from '../codegen/source-text.ts'
import { UsageError } from './errors.ts'

/** Folders that no pattern enters. */
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git'])

/**
 * Finds files by patterns: `*` and `?` within a name, `**` for folders of any depth, `{a,b}` for alternatives. A folder
 * stands for all files with the extension in it. Skips `node_modules` and `.git`. Returns paths relative to `cwd` with
 * `/`, sorted.
 *
 * @param extension of the files of a folder, such as `.sql`
 * @throws UsageError for a file without wildcards that does not exist
 */
export async function findFiles(
  cwd: string,
  patterns: readonly string[],
  extension: string,
): Promise<string[]> {
  const found = new Set<string>()
  for (const pattern of patterns) {
    const path = pattern.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/$/, '')
    if (!/[*?{]/.test(path)) {
      const info = await stat(resolve(cwd, path)).catch(() => undefined)
      if (info === undefined) throw new UsageError(`${pattern} does not exist.`, 'Check the path.')
      if (!info.isDirectory()) found.add(toRelative(cwd, resolve(cwd, path)))
      else
        for (const file of await walkFolder(resolve(cwd, path)))
          addIf(file, (name) => name.endsWith(extension))
      continue
    }
    const folders = path.split('/').slice(0, -1)
    const wildcard = folders.findIndex((part) => /[*?{]/.test(part))
    const root = resolve(cwd, ...(wildcard < 0 ? folders : folders.slice(0, wildcard)))
    const matcher = globPattern(path)
    for (const file of await walkFolder(root)) addIf(file, (name) => matcher.test(name))
  }
  function addIf(file: string, accepts: (name: string) => boolean): void {
    const name = toRelative(cwd, file)
    if (accepts(name)) found.add(name)
  }
  return [...found].sort(byCodeUnit)
}

function toRelative(cwd: string, file: string): string {
  return relative(cwd, file).split(sep).join('/')
}

/** All files of a folder and its folders. None if it does not exist. */
async function walkFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : walkFolder(path)
      return entry.isFile() ? [path] : []
    }),
  )
  return lists.flat()
}

/** Converts a pattern to a regular expression. */
function globPattern(pattern: string): RegExp {
  const body = pattern.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[\\^$.|+()[\]{}]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    if (!token.startsWith('{') || token.length === 1) return `\\${token}`
    const alternatives = token.slice(1, -1).split(',')
    return `(?:${alternatives.map((text) => text.replace(/[\\^$.|+()[\]?]/g, '\\$&').replaceAll('*', '[^/]*')).join('|')})`
  })
  return new RegExp(`^${body}$`)
}
