import { checkFault, type Fault } from './fault.ts'

/** What is to go wrong, in a local PostHog that is running. */
export interface FaultScript {
  /** Adds faults behind those that are there. Of several that fit a request, the first one hits. */
  add(...faults: readonly Fault[]): void
  /** Drops all faults, the used ones too. */
  clear(): void
  /** Faults that have requests left to hit. */
  readonly pending: readonly Fault[]
}

/** A script that can be played. */
export interface PlayedScript extends FaultScript {
  /** The fault that hits a request, if one does. Counts the request. */
  next(method: string, path: string): Fault | undefined
}

interface Entry {
  readonly fault: Fault
  skip: number
  times: number
}

/** A script with these faults. */
export function createScript(faults: readonly Fault[]): PlayedScript {
  let entries: Entry[] = []
  const add = (...more: readonly Fault[]): void => {
    for (const fault of more) checkFault(fault)
    entries.push(...more.map((fault) => ({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 })))
  }
  add(...faults)
  return {
    add,
    clear: () => {
      entries = []
    },
    get pending() {
      return entries.map(({ fault }) => fault)
    },
    next(method, path) {
      for (const entry of entries) {
        if (!fits(entry.fault, method, path)) continue
        if (entry.skip > 0) {
          entry.skip -= 1
          continue
        }
        entry.times -= 1
        if (entry.times === 0) entries = entries.filter((other) => other !== entry)
        return entry.fault
      }
      return undefined
    },
  }
}

function fits(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false
  if (fault.path === undefined) return true
  // A pattern with the flag `g` goes on from where it stopped; here each request is a new text.
  return typeof fault.path === 'string' ? path.includes(fault.path) : path.search(fault.path) >= 0
}
