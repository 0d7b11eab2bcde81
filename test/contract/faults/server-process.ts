import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Fault } from '../../../src/local/faults/fault.ts'
import type { ReceivedRequest } from '../../../src/local/request-log.ts'

/** What the process is asked: what to do from now on. */
export interface Asked {
  readonly id: number
  readonly faults: readonly Fault[]
}

/** What happened since it was last asked. */
export interface Report {
  readonly requests: readonly ReceivedRequest[]
  /** Requests to the other origin, each with its authorization. */
  readonly strangers: readonly string[]
  /** Faults that nothing met. */
  readonly pending: number
}

interface Start {
  readonly url: string
  /** Another origin. */
  readonly strangeUrl: string
  readonly key: string
}

export type Told = ({ readonly id: number } & Report) | ({ readonly id: 0 } & Start)

export interface ServerProcess extends Start {
  /** Sets the faults to come, and reports on what came before. */
  play(...faults: readonly Fault[]): Promise<Report>
  stop(): void
}

/** Starts the servers. */
export async function startServers(): Promise<ServerProcess> {
  const program = fileURLToPath(new URL('./fault-server.ts', import.meta.url))
  const child = fork(program, { execArgv: ['--import', import.meta.resolve('tsx')] })
  // Its first message.
  const [start] = (await once(child, 'message')) as [Start]
  let id = 0
  return {
    ...start,
    async play(...faults) {
      id += 1
      child.send({ id, faults } satisfies Asked)
      // One question at a time: the next message is the answer to this one.
      const [report] = (await once(child, 'message')) as [Report]
      return report
    },
    stop: () => child.disconnect(),
  }
}
