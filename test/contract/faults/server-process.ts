import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Fault } from '../../../src/local/faults/fault.ts'
import type { ReceivedRequest } from '../../../src/local/http/request-log.ts'

/** What the process is asked: to go on with these faults, or, without any, how many requests came. */
export interface Asked {
  readonly id: number
  readonly faults?: readonly Fault[]
}

/** What happened since it was last asked. */
export interface Report {
  readonly requests: readonly ReceivedRequest[]
  /** Requests to another origin, each with its Authorization header. */
  readonly unexpectedOrigins: readonly string[]
  /** Faults that nothing met. */
  readonly pending: number
}

interface Start {
  readonly url: string
  /** Another origin. */
  readonly otherOriginUrl: string
  readonly key: string
}

export type Told = { readonly id: number } & (Report | Start | { readonly count: number })

export interface ServerProcess extends Start {
  /** Sets the faults to come, and reports on what came before. */
  play(...faults: readonly Fault[]): Promise<Report>
  /** Requests since it was last asked to play. */
  count(): Promise<number>
  stop(): void
}

/** Starts the servers. */
export async function startServers(): Promise<ServerProcess> {
  const program = fileURLToPath(new URL('./fault-server.ts', import.meta.url))
  const child = fork(program, { execArgv: ['--import', import.meta.resolve('tsx')] })
  // Its first message.
  const [start] = (await once(child, 'message')) as [Start]
  let id = 0
  // One question at a time: the next message is the answer to this one.
  const ask = async <Answer>(question: Omit<Asked, 'id'>): Promise<Answer> => {
    id += 1
    child.send({ id, ...question } satisfies Asked)
    const [answer] = (await once(child, 'message')) as [Answer]
    return answer
  }
  return {
    ...start,
    play: (...faults) => ask<Report>({ faults }),
    count: async () => (await ask<{ count: number }>({})).count,
    stop: () => child.disconnect(),
  }
}
