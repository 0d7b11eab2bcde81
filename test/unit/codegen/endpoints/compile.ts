import { readFileSync } from 'node:fs'
import ts from 'typescript'

const typehog = readFileSync('src/shared/endpoint.ts', 'utf8')
const generated = readFileSync('src/generated/shared/types.gen.ts', 'utf8')

/** The declaration of a generated type. */
function generatedType(name: string): string {
  const declaration = new RegExp(`^export type ${name} = [\\s\\S]*?;\n\n`, 'm').exec(generated)?.[0]
  if (declaration === undefined) throw new Error(`There is no generated type ${name}.`)
  return declaration
}

const rows = [
  'FunnelBreakdown',
  'FunnelTimeToConvert',
  'FunnelTrendsRow',
  'FunnelsRow',
  'InsightSeriesAction',
  'LifecycleRow',
  'LifecycleStatus',
  'StickinessRow',
  'TrendsRow',
  'RetentionValue',
]
const runner = `${typehog}
export interface EndpointRegistry {}
${rows.map(generatedType).join('\n')}
${generatedType('RetentionResult').replace('RetentionResult', 'RetentionRow')}
${generatedType('PathsLink').replace('PathsLink', 'PathsRow')}
export declare function run<V, R>(endpoint: Endpoint<V, R>, ...args: {} extends V ? [v?: NoInfer<V>] : [v: NoInfer<V>]): R
export declare function named<Name extends keyof EndpointRegistry>(name: Name): EndpointRegistry[Name]
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

/** Parsed files that all programs share: the libraries of the compiler, and `typehog`. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** A generated module, and a program that imports it as `./posthog.endpoints.ts`. */
export interface CompileCase {
  readonly module: string
  readonly program?: string
}

/** Messages of the strictest compiler about each case. One program compiles all of them, each in its own folder. */
export function compileCases(cases: readonly CompileCase[]): string[][] {
  const sources = cases.map(
    ({ module, program = 'export {}' }, index): Readonly<Record<string, string>> => ({
      [`/case-${index}/posthog.endpoints.ts`]: module,
      [`/case-${index}/program.ts`]: program,
    }),
  )
  const messages = cases.map((): string[] => [])
  for (const { file, messageText } of diagnose(Object.assign({}, ...sources))) {
    const index = /^\/case-(\d+)\//.exec(file?.fileName ?? '')?.[1]
    const text = `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    const ofCase = messages[Number(index)]
    if (ofCase === undefined) throw new Error(`The compiler reports a problem outside of the cases: ${text}`)
    ofCase.push(text)
  }
  return messages
}

/**
 * Collects cases while tests are declared and compiles all of them in one program once the first test asks. Returns a
 * function that adds a case and returns a function for its messages.
 */
export function createCompiler(): (module: string, program?: string) => () => string[] {
  const cases: CompileCase[] = []
  let messages: readonly string[][] | undefined
  return (module, program = 'export {}') => {
    if (messages !== undefined) throw new Error('Add cases while tests are declared, not while they run.')
    const index = cases.push({ module, program }) - 1
    return () => {
      messages ??= compileCases(cases)
      return messages[index] ?? []
    }
  }
}

/** Messages of the strictest compiler about generated modules. */
export function compileModules(modules: readonly string[]): string[] {
  return compileCases(modules.map((module) => ({ module }))).flat()
}

function diagnose(roots: Readonly<Record<string, string>>): readonly ts.Diagnostic[] {
  const files: Readonly<Record<string, string>> = { ...packages, ...roots }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (path) => path in files || fileExists(path)
  host.directoryExists = () => true
  host.readFile = (path) => files[path] ?? readFile(path)
  host.getSourceFile = (path, target) => {
    const text = roots[path]
    if (text !== undefined) return ts.createSourceFile(path, text, target)
    if (!parsed.has(path)) {
      const shared = packages[path]
      parsed.set(
        path,
        shared === undefined ? getSourceFile(path, target) : ts.createSourceFile(path, shared, target),
      )
    }
    return parsed.get(path)
  }
  return ts.getPreEmitDiagnostics(ts.createProgram(Object.keys(roots), options, host))
}

/** The value of `endpoints` in a generated module. */
export async function evaluate(module: string): Promise<unknown> {
  const { outputText } = ts.transpileModule(module, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  })
  const url = `data:text/javascript,${encodeURIComponent(outputText)}`
  const loaded: { endpoints: unknown } = await import(/* @vite-ignore */ url)
  return loaded.endpoints
}
