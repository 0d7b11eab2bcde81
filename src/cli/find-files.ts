import { readdir, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { byCodeUnit } from '../codegen/source-text.ts'
import { UsageError } from './errors.ts'

/**
 * Finds the files of paths: a file, the files of a folder (one level deep), or a glob with `*`, `**`, `?` and `{a,b}`.
 * Globs skip `node_modules` and names that start with a dot. The paths are relative to `cwd`, sorted, with `/`.
 *
 * @param accepts whether a file of a folder or a glob is meant
 * @throws UsageError for a path that does not exist
 */
export async function findFiles(
  cwd: string,
  paths: readonly string[],
  accepts: (path: string) => boolean,
): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => expand(cwd, path.replaceAll('\\', '/'), accepts)))
  return [...new Set(found.flat())].sort(byCodeUnit)
}

async function expand(cwd: string, path: string, accepts: (path: string) => boolean): Promise<string[]> {
  const clean = path.replace(/^\.\//, '').replace(/(.)\/+$/, '$1')
  const kind = await stat(resolve(cwd, clean)).catch(() => undefined)
  if (kind?.isFile()) return [clean]
  if (kind?.isDirectory()) {
    const entries = await readdir(resolve(cwd, clean), { withFileTypes: true })
    const inFolder = (name: string): string => (clean === '.' ? name : `${clean}/${name}`)
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => inFolder(name))
      .filter(accepts)
  }
  if (!/[*?{]/.test(clean)) {
    throw new UsageError(
      `${path} does not exist.`,
      'Pass a file, a folder or a glob, such as endpoints/*.yaml.',
    )
  }
  const pattern = globPattern(clean)
  const files = await listTree(cwd, globRoot(clean))
  return files.filter((file) => pattern.test(file) && accepts(file))
}

/** The folder of a glob without wildcards: empty, or with `/` at its end. */
function globRoot(glob: string): string {
  return glob.slice(0, glob.slice(0, glob.search(/[*?{]/)).lastIndexOf('/') + 1)
}

/** Lists the files below a folder that is empty or ends with `/`. */
async function listTree(cwd: string, folder: string): Promise<string[]> {
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true }).catch(() => [])
  const lists = entries
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .map(async (entry) => {
      const path = `${folder}${entry.name}`
      return entry.isDirectory() ? listTree(cwd, `${path}/`) : [path]
    })
  return (await Promise.all(lists)).flat()
}

const tokens: readonly (readonly [RegExp, string])[] = [
  [/^\*\*\//, '(?:[^/]+/)*'],
  [/^\*\*/, '.*'],
  [/^\*/, '[^/]*'],
  [/^\?/, '[^/]'],
  [/^\{/, '(?:'],
  [/^\}/, ')'],
  [/^,/, '|'],
]

function globPattern(glob: string): RegExp {
  let source = ''
  let rest = glob
  let depth = 0
  while (rest !== '') {
    const token = tokens.find(([pattern]) => pattern.test(rest))
    const text = token === undefined ? rest.charAt(0) : (token[0].exec(rest)?.[0] ?? '')
    if (text === '{') depth += 1
    const isAlternative = text !== ',' || depth > 0
    if (text === '}') depth -= 1
    source += token !== undefined && isAlternative ? token[1] : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    rest = rest.slice(text.length)
  }
  return new RegExp(`^${source}$`)
}
