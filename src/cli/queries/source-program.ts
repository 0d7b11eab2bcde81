import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type ts from 'typescript'
import type { TypeScript } from '../../codegen/queries/hogql-literals.ts'
import type { SourceText } from '../../codegen/source-place.ts'
import { normalizeText } from '../../codegen/source-text.ts'
import { mapConcurrent } from '../../shared/map-concurrent.ts'
import { UsageError } from '../errors.ts'
import { findFiles } from '../find-files.ts'

/** Source files of a project with their types. */
export interface SourceProgram {
  readonly tsApi: TypeScript
  readonly checker: ts.TypeChecker
  readonly files: readonly ts.SourceFile[]
  /** A file of the program by its path. */
  file(path: string): ts.SourceFile | undefined
}

/**
 * Loads the TypeScript that a project has installed.
 *
 * @throws UsageError without it, or without its API
 */
export function loadTypeScript(cwd: string): TypeScript {
  const loaded = requireTypeScript(join(cwd, 'package.json'))
  if (typeof loaded?.createProgram === 'function') return loaded
  throw new UsageError(
    loaded === undefined
      ? 'TypeScript is not installed in this project. The check of source files reads them with it.'
      : `TypeScript ${loaded.version} has no API to read source files.`,
    'Run `npm install --save-dev typescript@6`, or omit --source.',
  )
}

function requireTypeScript(from: string): TypeScript | undefined {
  try {
    // Verified by its `createProgram`.
    return createRequire(from)('typescript') as TypeScript
  } catch {
    return undefined
  }
}

/** Number of files that are open at once. */
const openFiles = 32

/** Finds the source files that contain any of some texts: only these need a parser. */
export async function filesWithText(
  cwd: string,
  patterns: readonly string[],
  texts: readonly string[],
): Promise<string[]> {
  const paths = await findFiles(cwd, patterns, (path) => /\.[cm]?tsx?$/.test(path))
  const matches = await mapConcurrent(paths, openFiles, new AbortController().signal, async (path) => {
    const content = await readFile(resolve(cwd, path), 'utf8')
    return texts.some((text) => content.includes(text)) ? [resolve(cwd, path)] : []
  })
  return matches.flat()
}

/** Parses source files with the compiler options of the project's `tsconfig.json`. */
export function createSourceProgram(tsApi: TypeScript, cwd: string, paths: readonly string[]): SourceProgram {
  const options: ts.CompilerOptions = { ...projectOptions(tsApi, cwd), noEmit: true, skipLibCheck: true }
  const host = tsApi.createCompilerHost(options, true)
  const read = host.readFile
  host.readFile = (path) => {
    const text = read.call(host, path)
    return text && normalizeText(text)
  }
  const program = tsApi.createProgram({ rootNames: paths, options, host })
  const files = paths.flatMap((path) => program.getSourceFile(path) ?? [])
  return { tsApi, checker: program.getTypeChecker(), files, file: (path) => program.getSourceFile(path) }
}

function projectOptions(tsApi: TypeScript, cwd: string): ts.CompilerOptions {
  const config = tsApi.findConfigFile(cwd, tsApi.sys.fileExists)
  const { ES2022, ESNext } = { ...tsApi.ScriptTarget, ESNext: tsApi.ModuleKind.ESNext }
  if (config === undefined) {
    return {
      target: ES2022,
      module: ESNext,
      moduleResolution: tsApi.ModuleResolutionKind.Bundler,
      strict: true,
    }
  }
  const { config: json } = tsApi.readConfigFile(config, tsApi.sys.readFile)
  // The files of the project are not listed: the program has those with queries and their imports.
  const host: ts.ParseConfigHost = { ...tsApi.sys, readDirectory: () => [] }
  const { options } = tsApi.parseJsonConfigFileContent(json, host, dirname(config))
  const { composite: _, incremental: __, tsBuildInfoFile: ___, ...usable } = options
  return usable
}

/** The text of a source file, with a path relative to the working folder. */
export function sourceOf(cwd: string, file: ts.SourceFile): SourceText {
  return { path: relative(cwd, file.fileName).split(sep).join('/'), text: file.text }
}
