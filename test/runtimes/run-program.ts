import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What a program printed, and how it ended. */
export interface Printed {
  readonly lines: readonly string[]
  /** What it complained about. */
  readonly complaints: string
  /** Milliseconds from its last output to its end. */
  readonly lingered: number
}

export interface Surroundings {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program that is to end by itself. */
export async function runProgram(
  [binary, ...args]: readonly [string, ...string[]],
  { folder, env = {} }: Surroundings,
): Promise<Printed> {
  const child = spawn(binary, args, {
    cwd: folder,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  let printed = ''
  let complaints = ''
  let spoke = performance.now()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    spoke = performance.now()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new Error(`It ended with ${code ?? signal}: ${printed}${complaints}`)
  return { lines: printed.trimEnd().split('\n'), complaints, lingered: performance.now() - spoke }
}
