import { type Fault, validateFault } from './fault.ts'

/** The faults of a running local PostHog. */
export interface FaultScript {
  /** Adds faults after the existing ones. When several match a request, the first one applies. */
  add(...faults: readonly Fault[]): void
  /** Removes all faults, pending and used. */
  clear(): void
  /** Faults that still have requests to affect. */
  readonly pending: readonly Fault[]
}

/** A fault script that finds the fault for each request. */
export interface FaultMatcher extends FaultScript {
  /** Returns the fault for a request, if any, and counts the request. */
  match(method: string, path: string): Fault | undefined
}

interface Entry {
  readonly fault: Fault
  skip: number
  times: number
}

/** Creates a script with these faults. */
export function createFaultScript(faults: readonly Fault[]): FaultMatcher {
  let entries: Entry[] = []
  const add = (...added: readonly Fault[]): void => {
    for (const fault of added) validateFault(fault)
    entries.push(...added.map((fault) => ({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 })))
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
    match(method, path) {
      for (const entry of entries) {
        if (!matches(entry.fault, method, path)) continue
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

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false
  if (fault.path === undefined) return true
  // `search` ignores `lastIndex`, so a pattern with the flag `g` works for every request.
  return typeof fault.path === 'string' ? path.includes(fault.path) : path.search(fault.path) >= 0
}
