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
  /** What the compiler says about the file itself, with line numbers. */
  readonly problems: readonly string[]
  /** The type of a top-level name, as an editor shows it. */
  readonly hover: (name: string) => string
}

/** Compiles one file against the sources. */
export function compile(fileName: string): Compiled {
  const program = ts.createProgram([fileName], strictest)
  const source = program.getSourceFile(fileName)
  if (source === undefined) throw new Error(`${fileName} cannot be read.`)
  const checker = program.getTypeChecker()
  return {
    problems: [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start)
        return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
      },
    ),
    hover(name) {
      const symbol = checker.getSymbolsInScope(source, ts.SymbolFlags.Variable).find((it) => it.name === name)
      if (symbol === undefined) throw new Error(`${fileName} has no ${name}.`)
      return checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, source))
    },
  }
}
