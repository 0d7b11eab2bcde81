import type { CliIo } from '../../../src/cli/cli-io.ts'
import { runCli } from '../../../src/cli/program.ts'

/** What a run of the command line left. */
export interface Finished {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command line in this process. There is no environment unless it is given. */
export async function run(argv: readonly string[], io: Partial<CliIo> = {}): Promise<Finished> {
  let out = ''
  let err = ''
  const code = await runCli({
    argv,
    env: {},
    cwd: '/nonexistent',
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: { stdout: false, stderr: false },
    columns: undefined,
    signal: new AbortController().signal,
    ...io,
  })
  return { code, out, err }
}
