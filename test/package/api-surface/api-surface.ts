import { resolve } from 'node:path'
import ts from 'typescript'
import { describeExport } from './describe-export.ts'
import { createPrinter } from './printer.ts'

/** Entries that are written by hand: each export with its signature. */
const described = {
  typehog: 'index',
  'typehog/node': 'node',
  'typehog/redis': 'redis',
  'typehog/testing': 'testing',
}

/** Entries that are generated from the schema: names alone. */
const named = { 'typehog/api': 'api', 'typehog/zod': 'zod' }

/** Everything that the built package exports, as one text that is the same for the same declarations. */
export function apiSurface(folder: string): string {
  const declarations = (name: string): string => resolve(folder, `${name}.d.ts`)
  const files = Object.values({ ...described, ...named }).map(declarations)
  const program = ts.createProgram(files, {
    strict: true,
    // Else `undefined` stands beside everything that is optional.
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
  })
  const checker = program.getTypeChecker()
  const exportsOf = (name: string): ts.Symbol[] => {
    const source = program.getSourceFile(declarations(name))
    const module = source && checker.getSymbolAtLocation(source)
    if (module === undefined) throw new Error(`${declarations(name)} exports nothing.`)
    return checker.getExportsOfModule(module).sort((a, b) => (a.name < b.name ? -1 : 1))
  }
  const parts = ['# The public API\n\nWritten by `npm run api` from the built declarations. Do not edit.']
  for (const [entry, name] of Object.entries(described)) {
    const printer = createPrinter(checker, folder)
    const list = exportsOf(name).map((symbol) => describeExport(symbol, printer))
    parts.push(`## ${entry}\n\n\`\`\`ts\n${list.join('\n\n')}\n\`\`\``)
  }
  for (const [entry, name] of Object.entries(named)) {
    const names = exportsOf(name).map((symbol) => symbol.name)
    parts.push(`## ${entry}\n\n${names.length} names.\n\n\`\`\`text\n${names.join('\n')}\n\`\`\``)
  }
  return `${parts.join('\n\n')}\n`
}
