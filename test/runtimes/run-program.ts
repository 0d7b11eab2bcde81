import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'vitest'
import { checks } from './smoke/suite.ts'

/** The output of a program. */
export interface ProgramOutput {
  readonly lines: readonly string[]
  /** The text on its error stream. */
  readonly warnings: string
  /** Milliseconds from its last output to its exit. */
  readonly lingered: number
}

/** Where a program runs. */
export interface ProgramOptions {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program until it ends. Throws when it fails. */
export async function runProgram(
  [binary, ...args]: readonly [string, ...string[]],
  { folder, env = {} }: ProgramOptions,
): Promise<ProgramOutput> {
  const child = spawn(binary, args, {
    cwd: folder,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  })
  let printed = ''
  let warnings = ''
  let lastOutput = performance.now()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    lastOutput = performance.now()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    warnings += text
  })
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new Error(`The program ended with ${code ?? signal}: ${printed}${warnings}`)
  return { lines: printed.trimEnd().split('\n'), warnings, lingered: performance.now() - lastOutput }
}

/** The environment of Deno programs, in which Deno writes no files to the home folder and checks for no updates. */
export const denoEnv = (folder: string): Record<string, string> => ({
  DENO_DIR: join(folder, '.deno'),
  DENO_NO_UPDATE_CHECK: '1',
  NO_COLOR: '1',
})

/** Maximum milliseconds from the last line of a program to its exit, which a timer of the client would delay. */
const maxLinger = 2_000

/** The output of the suite when every check passes. */
export const allOk: readonly string[] = Object.keys(checks).map((name) => `${name}: ok`)

/** Expects that every check passed without warnings, and that the program exited in time. */
export function expectAllOk({ lines, warnings, lingered }: ProgramOutput): void {
  expect(lines).toEqual(allOk)
  expect(warnings).toBe('')
  expect(lingered).toBeLessThan(maxLinger)
}
