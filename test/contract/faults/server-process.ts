import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Fault } from '../../../src/local/faults/fault.ts'
import type { ReceivedRequest } from '../../../src/local/http/request-log.ts'

/** A message to the process: sets these faults, or, without faults, asks for the number of requests. */
export interface Command {
  readonly id: number
  readonly faults?: readonly Fault[]
}

/** What happened since the faults were last set. */
export interface Report {
  readonly requests: readonly ReceivedRequest[]
  /** Requests to another origin, each with its Authorization header. */
  readonly unexpectedOrigins: readonly string[]
  /** Number of faults that no request met. */
  readonly unusedFaults: number
}

interface Addresses {
  readonly url: string
  /** Another origin. */
  readonly otherOriginUrl: string
  readonly key: string
}

/** A message from the process. */
export type Reply = { readonly id: number } & (Report | Addresses | { readonly count: number })

export interface ServerProcess extends Addresses {
  /** Replaces the faults, and reports what happened with the previous ones. */
  setFaults(...faults: readonly Fault[]): Promise<Report>
  /** Returns the number of requests since the faults were last set. */
  requestCount(): Promise<number>
  stop(): void
}

/** Starts `fault-server.ts` in its own process. */
export async function startServers(): Promise<ServerProcess> {
  const program = fileURLToPath(new URL('./fault-server.ts', import.meta.url))
  const child = fork(program, { execArgv: ['--import', import.meta.resolve('tsx')] })
  // The first message contains the addresses.
  const [addresses] = (await once(child, 'message')) as [Addresses]
  let id = 0
  // Sends one command at a time, so that the next message is its reply.
  const send = async <Result>(command: Omit<Command, 'id'>): Promise<Result> => {
    id += 1
    child.send({ id, ...command } satisfies Command)
    const [reply] = (await once(child, 'message')) as [Result]
    return reply
  }
  return {
    ...addresses,
    setFaults: (...faults) => send<Report>({ faults }),
    requestCount: async () => (await send<{ count: number }>({})).count,
    stop: () => child.disconnect(),
  }
}
