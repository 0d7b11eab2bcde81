import { join, resolve } from 'node:path'
import ts from 'typescript'
import type { Project } from './project.ts'

/** Module resolutions that consumers use. */
export const resolutions: Readonly<Record<'nodenext' | 'node16' | 'bundler', ts.CompilerOptions>> = {
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
}

/**
 * Compiles files of a project strictly. Returns all messages, also those about the declarations of the package. Leaves
 * out those about declarations of packages beside it: msw needs the types of a browser.
 */
export function compile(
  project: Project,
  files: readonly string[],
  resolution: keyof typeof resolutions = 'nodenext',
  changes: ts.CompilerOptions = {},
): string[] {
  const options: ts.CompilerOptions = {
    ...resolutions[resolution],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    typeRoots: [join(project.folder, 'node_modules/@types')],
    ...changes,
  }
  const program = ts.createProgram(files, options)
  const others = resolve('node_modules')
  const messages = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || !file.fileName.startsWith(others))
  return messages.map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1
    return `${file?.fileName ?? ''}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}
