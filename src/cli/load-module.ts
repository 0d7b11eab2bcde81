import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { UsageError } from './errors.ts'

/**
 * Hooks that compile TypeScript with the project's own compiler, and find `./a.ts` for `./a.js`. They run in a thread of
 * their own, so that they are text.
 */
const hooks = `
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
let ts
export async function initialize({ compiler }) {
  const module = await import(compiler)
  ts = module.default ?? module
}
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context)
  } catch (error) {
    const typed = specifier.replace(/\\.([cm]?)js$/, '.$1ts')
    if (typed === specifier || !/^(?:\\.|file:)/.test(specifier)) throw error
    return next(typed, context).catch(() => { throw error })
  }
}
export async function load(url, context, next) {
  if (!/\\.m?ts$/.test(url)) return next(url, context)
  const fileName = fileURLToPath(url)
  const { outputText } = ts.transpileModule(await readFile(fileName, 'utf8'), {
    fileName,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, inlineSourceMap: true, inlineSources: true },
  })
  return { format: 'module', source: outputText, shortCircuit: true }
}
`

let registered = false

/**
 * Imports a JavaScript or TypeScript module of the user. Node strips the types where it can (22.18 and later); before, the
 * `typescript` of the project compiles the module and the ones that it imports.
 *
 * @param path absolute path
 * @param shown the path in errors. Default: `path`
 * @throws UsageError when the module cannot be loaded
 */
export async function loadModule(
  path: string,
  shown: string = path,
): Promise<Readonly<Record<string, unknown>>> {
  const url = pathToFileURL(path).href
  if (/\.[cm]?tsx?$/.test(path) && !stripsTypes()) compileTypeScript(path, shown)
  try {
    const module: unknown = await import(url)
    // A module namespace is an object of its exports.
    return module as Readonly<Record<string, unknown>>
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${shown} failed: ${message}`, loadFix(error), error)
  }
}

/** Whether the runtime runs TypeScript itself: Node 22.18 and later, Bun and Deno. */
function stripsTypes(): boolean {
  const { features, versions } = process
  return ('typescript' in features && Boolean(features.typescript)) || 'bun' in versions || 'deno' in versions
}

function compileTypeScript(path: string, shown: string): void {
  if (registered) return
  let compiler: string
  try {
    compiler = pathToFileURL(createRequire(path).resolve('typescript')).href
  } catch (error) {
    throw new UsageError(
      `${shown} is TypeScript, which Node ${process.versions.node} cannot load.`,
      'Run `npm install --save-dev typescript`, or use Node 22.18 or later.',
      error,
    )
  }
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, import.meta.url, { data: { compiler } })
  registered = true
}

function loadFix(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return 'Install the package, or import other TypeScript files with their extension, such as ./queries.ts.'
  }
  return 'Correct the module, or run the command with --debug to see where it fails.'
}
