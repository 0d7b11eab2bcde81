import ts from 'typescript'

/** The strictest settings that a consumer may have. */
const strictest: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
}

/** A file as the compiler sees it. */
export interface Compiled {
  /** Messages of the compiler about the file itself, with line numbers. */
  readonly problems: readonly string[]
  /** The type of a top-level name, as an editor shows it. */
  readonly hover: (name: string) => string
}

/**
 * Compiles files against the sources, in one program. Returns a function that looks up one of them.
 *
 * @param texts files that are not on the disk, by name
 */
export function compile(
  fileNames: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): (fileName: string) => Compiled {
  const host = ts.createCompilerHost(strictest)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (name) => Object.hasOwn(texts, name) || fileExists(name)
  host.readFile = (name) => texts[name] ?? readFile(name)
  host.getSourceFile = (name, target) => {
    const text = texts[name]
    return text === undefined ? getSourceFile(name, target) : ts.createSourceFile(name, text, target)
  }
  const program = ts.createProgram([...fileNames, ...Object.keys(texts)], strictest, host)
  const checker = program.getTypeChecker()
  return (fileName) => {
    const source = program.getSourceFile(fileName)
    if (source === undefined) throw new Error(`${fileName} cannot be read.`)
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]
    return {
      problems: diagnostics.map(({ start = 0, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start)
        return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
      }),
      hover(name) {
        const symbols = checker.getSymbolsInScope(source, ts.SymbolFlags.Variable)
        const symbol = symbols.find((candidate) => candidate.name === name)
        if (symbol === undefined) throw new Error(`${fileName} has no ${name}.`)
        return checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, source))
      },
    }
  }
}
