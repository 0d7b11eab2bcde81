import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import ts from 'typescript'

/** Prints the title of a step. */
export function step(title: string): void {
  console.log(`\n\x1b[1m${title}\x1b[0m`)
}

/** Runs a Node.js program and shows its output. */
export function runNode(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`${formatCommand(args)} exited with ${signal ?? `code ${code}`}`))
    })
  })
}

/** Shows file names without their folders. */
const formatCommand = (args: readonly string[]): string => args.map((arg) => basename(arg)).join(' ')

/** Type-checks files with strict compiler options. Returns the errors, each with its source line. */
export function typeCheck(files: readonly string[]): string[] {
  const program = ts.createProgram(files, {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
  })
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n').replaceAll('\n', '\n    ')
    if (diagnostic.file === undefined || diagnostic.start === undefined) return text
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start)
    const source = diagnostic.file.text.split('\n')[line]?.trim()
    return `line ${line + 1}: ${source}\n    ${text}`
  })
}
