#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { InterruptedError } from './errors.ts'
import { runCli } from './program.ts'
import { askOnTerminal } from './prompt.ts'

const interruption = new AbortController()
const interrupt = (): void => interruption.abort(new InterruptedError())
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // `once`: a second Ctrl-C kills the process, as it would without a handler.
  process.once(name, interrupt)
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader closed the pipe, as `head` does: not an error.
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
  prompt: (question, { hidden, signal } = {}) => {
    const streams = { input: process.stdin, output: process.stderr }
    const signals = signal === undefined ? [interruption.signal] : [interruption.signal, signal]
    return askOnTerminal(question, streams, AbortSignal.any(signals), interrupt, hidden)
  },
  isTTY: {
    stdout: process.stdout.isTTY === true,
    stderr: process.stderr.isTTY === true,
    stdin: process.stdin.isTTY === true,
  },
  columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
  signal: interruption.signal,
})
