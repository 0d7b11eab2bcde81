import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { compileFunction } from 'node:vm'
import type ts from 'typescript'
import { UsageError } from '../errors.ts'

/**
 * Runs a configuration module and returns its default export. A TypeScript file is run by the runtime if it can (Node
 * 22.18 or later, Bun and Deno), and else compiled with the package typescript of the project.
 *
 * @param shown the path in errors
 * @throws UsageError when it fails, or has no default export
 */
export async function loadConfigModule(path: string, shown: string): Promise<unknown> {
  try {
    const isTypeScript = /\.m?ts$/.test(path)
    const module = isTypeScript && !runsTypeScript() ? await compile(path, shown) : await importModule(path)
    if (Object(module)['default'] !== undefined) return Object(module)['default']
  } catch (error) {
    if (error instanceof UsageError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${shown} failed: ${message}`, 'Correct the file; --debug prints the stack.', error)
  }
  throw new UsageError(
    `${shown} has no default export.`,
    'Write: export default { … } satisfies TypehogConfig',
  )
}

function importModule(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href)
}

function runsTypeScript(): boolean {
  const { features, versions } = process
  return ('typescript' in features && Boolean(features.typescript)) || 'bun' in versions || 'deno' in versions
}

/** Compiles the file to CommonJS in memory. It can import packages and JavaScript files. */
async function compile(path: string, shown: string): Promise<unknown> {
  const require = createRequire(path)
  const compiler = loadCompiler(require, shown)
  const { outputText, diagnostics = [] } = compiler.transpileModule(await readFile(path, 'utf8'), {
    // The extension .mts would make it an ES module.
    fileName: path.replace(/\.mts$/, '.ts'),
    reportDiagnostics: true,
    compilerOptions: {
      module: compiler.ModuleKind.CommonJS,
      target: compiler.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  })
  const [fault] = diagnostics
  if (fault !== undefined) {
    const { line } = fault.file?.getLineAndCharacterOfPosition(fault.start ?? 0) ?? { line: 0 }
    const message = compiler.flattenDiagnosticMessageText(fault.messageText, ' ')
    throw new UsageError(`${shown}:${line + 1}: ${message}`, 'Correct the file.')
  }
  const module = { exports: {} }
  const names = ['module', 'exports', 'require']
  compileFunction(outputText, names, { filename: path })(module, module.exports, require)
  return module.exports
}

/** The compiler of the project, which Typehog does not depend on. */
function loadCompiler(require: NodeJS.Require, shown: string): typeof ts {
  try {
    const compiler: typeof ts = require('typescript')
    if (typeof compiler.transpileModule === 'function') return compiler
  } catch (error) {
    if (Object(error).code !== 'MODULE_NOT_FOUND') throw error
  }
  throw new UsageError(
    `Node ${process.versions.node} cannot run ${shown}: that takes Node 22.18 or later, or the package typescript.`,
    'Install it (npm i -D typescript), or use typehog.config.json.',
  )
}
