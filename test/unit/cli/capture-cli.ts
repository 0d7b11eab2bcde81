import type { CliIo } from '../../../src/cli/cli-io.ts'
import { runCli } from '../../../src/cli/program.ts'

/** Exit code and output of a CLI run. */
export interface CliResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the CLI in this process and captures its output. By default the environment is empty. */
export async function captureCli(argv: readonly string[], io: Partial<CliIo> = {}): Promise<CliResult> {
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
