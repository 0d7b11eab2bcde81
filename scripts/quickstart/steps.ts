import { spawn } from 'node:child_process'
import { basename } from 'node:path'

/** Prints the title of a step. */
export function step(title: string): void {
  console.log(`\n\x1b[1m${title}\x1b[0m`)
}

/** Runs a Node program and prints its output. */
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
      else reject(new Error(`${commandOf(args)} ended with ${signal ?? `code ${code}`}`))
    })
  })
}

/** The command with file names instead of paths. */
const commandOf = (args: readonly string[]): string => args.map((arg) => basename(arg)).join(' ')
