import { text } from 'node:stream/consumers'
import { InterruptedError } from '../src/cli/errors.ts'
import { runCli } from '../src/cli/program.ts'

// Usage: npm run conformance -- [--project 7 --write 7] [--only <area or assertion>] [--json]
// Tests the facts about PostHog in src/conformance against the project of the environment. Short for
// `typehog doctor --conformance`, without a build.

const interruption = new AbortController()
// The first Ctrl-C removes what was created, the second one kills.
process.once('SIGINT', () => interruption.abort(new InterruptedError()))

process.exitCode = await runCli({
  argv: ['doctor', '--conformance', ...process.argv.slice(2)],
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: () => text(process.stdin),
  isTTY: { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true },
  columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
  signal: interruption.signal,
})
