import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

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
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with code ${code} before it listened.`)
  })
  const [url] = await Promise.race([once(child, 'message'), died])
  died.catch(() => {})
  return { url: String(url), stop: () => child.disconnect() }
}
