#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { InterruptedError } from './interrupted-error.ts'
import { runCli } from './program.ts'

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Once: a second Ctrl-C ends the process at once, as without a handler.
  process.once(name, () => interruption.abort(new InterruptedError()))
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe, such as `head`, has what it wanted.
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: () => text(process.stdin),
  isTTY: {
    stdout: process.stdout.isTTY === true,
    stderr: process.stderr.isTTY === true,
    stdin: process.stdin.isTTY === true,
  },
  columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
  signal: interruption.signal,
})
