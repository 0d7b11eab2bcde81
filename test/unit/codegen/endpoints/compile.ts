import { readFileSync } from 'node:fs'
import ts from 'typescript'

const typehog = ['endpoint', 'insight-rows']
  .map((name) => readFileSync(`src/resources/endpoints/${name}.ts`, 'utf8'))
  .join('\n')
const runner = `${typehog}
export declare function run<V, R>(endpoint: Endpoint<V, R>, ...args: {} extends V ? [v?: NoInfer<V>] : [v: NoInfer<V>]): R
`
const packages: Readonly<Record<string, string>> = {
  '/node_modules/typehog/index.ts': runner,
  '/node_modules/typehog/package.json': '{"name":"typehog","type":"module","exports":"./index.ts"}',
  '/package.json': '{"type":"module"}',
}

/** The strictest compiler. */
const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  declaration: true,
  isolatedDeclarations: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  noUnusedLocals: true,
  allowImportingTsExtensions: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  types: [],
}

/** Parsed files that all programs share: the compiler's libraries. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** Messages of the strictest compiler about a generated module and a program that imports it. */
export function compile(module: string, program = 'export {}'): string[] {
  return compileFiles({ '/posthog.endpoints.ts': module, '/program.ts': program })
}

/** Messages of the strictest compiler about many generated modules, in one program. */
export function compileAll(modules: readonly string[]): string[] {
  return compileFiles(Object.fromEntries(modules.map((module, index) => [`/module${index}.ts`, module])))
}

function compileFiles(roots: Readonly<Record<string, string>>): string[] {
  const files: Readonly<Record<string, string>> = { ...packages, ...roots }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (path) => path in files || fileExists(path)
  host.directoryExists = () => true
  host.readFile = (path) => files[path] ?? readFile(path)
  host.getSourceFile = (path, target) => {
    const text = files[path]
    if (text !== undefined) return ts.createSourceFile(path, text, target)
    if (!parsed.has(path)) parsed.set(path, getSourceFile(path, target))
    return parsed.get(path)
  }
  return ts
    .getPreEmitDiagnostics(ts.createProgram(Object.keys(roots), options, host))
    .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}

/** The value of \`endpoints\` in a generated module. */
export async function evaluate(module: string): Promise<unknown> {
  const { outputText } = ts.transpileModule(module, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  })
  const url = `data:text/javascript,${encodeURIComponent(outputText)}`
  const loaded: { endpoints: unknown } = await import(/* @vite-ignore */ url)
  return loaded.endpoints
}
