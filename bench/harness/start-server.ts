import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { firstMessage } from './first-message.ts'

/** The server under load. */
export interface BenchServer {
  readonly url: string
  stop(): void
}

/** Starts the server in a process of its own, which ends with this one. */
export async function startServer(): Promise<BenchServer> {
  const program = fileURLToPath(new URL('./server.mjs', import.meta.url))
  // Flags of this process, such as those of a profiler, are not for the server.
  const child = fork(program, { execArgv: [] })
  return { url: await firstMessage<string>(child, 'The server'), stop: () => child.disconnect() }
}
