import { resolve } from 'node:path'
import ts from 'typescript'
import { describeExport } from './describe-export.ts'
import { createPrinter } from './printer.ts'

/** The committed text, which tests compare with the build. */
export const apiSurfaceFile = 'api/typehog.api.md'

/** Hand-written entries: each export with its signature. */
const described = {
  typehog: 'index',
  'typehog/formats': 'formats',
  'typehog/node': 'node',
  'typehog/projects': 'projects',
  'typehog/redis': 'redis',
  'typehog/testing': 'testing',
}

/** Generated entries: names only. */
const named = { 'typehog/api': 'api', 'typehog/zod': 'zod' }

/** Describes all exports of the built package. The same declarations give the same text. */
export function apiSurface(folder: string): string {
  const declarations = (name: string): string => resolve(folder, `${name}.d.ts`)
  const files = Object.values({ ...described, ...named }).map(declarations)
  const program = ts.createProgram(files, {
    strict: true,
    // Without it, every optional type includes `undefined`.
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

/** Lines that only one of two descriptions has, each with its entry and its export. */
export function changesOf(before: string, after: string): string[] {
  const counts = new Map<string, number>()
  for (const line of placed(before)) counts.set(line, (counts.get(line) ?? 0) - 1)
  for (const line of placed(after)) counts.set(line, (counts.get(line) ?? 0) + 1)
  const changed = [...counts].filter(([, count]) => count !== 0)
  return changed.map(([line, count]) => `${count < 0 ? '-' : '+'} ${line}`)
}

function placed(text: string): string[] {
  let entry = ''
  let owner = ''
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) entry = line.slice(3)
    if (line === '' || line.startsWith('```') || line === '}') return []
    if (/^ /.test(line)) return [`${entry}, ${owner}: ${line.trim()}`]
    owner = /^\w+ \w+/.exec(line)?.[0] ?? ''
    return [`${entry}: ${line}`]
  })
}
