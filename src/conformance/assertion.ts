import type { Verdict } from './outcome.ts'
import type { Probe } from './probe.ts'

/** `read` changes nothing. `write` creates objects and deletes them again. */
export type Mode = 'read' | 'write'

/** A fact about PostHog that Typehog and its local PostHog rely on, and the test of it. */
export interface Assertion {
  /** Area and a short name, such as `feature-flags.features-array`. */
  readonly id: string
  readonly area: string
  readonly statement: string
  /** Where the fact comes from, such as a file of PostHog's source code. */
  readonly source: string
  /** The day on which the source was read. */
  readonly date: string
  readonly mode: Mode
  /** @throws NotTried when the project or key does not allow a test */
  run(probe: Probe): Promise<Verdict>
}

/** Source and date of the facts of a file. */
export interface Origin {
  readonly source: string
  readonly date: string
}

type Run = (probe: Probe) => Promise<Verdict>

/** Creates the assertions of one area. */
export interface AreaBuilder {
  read(name: string, statement: string, run: Run, origin?: Partial<Origin>): Assertion
  write(name: string, statement: string, run: Run, origin?: Partial<Origin>): Assertion
}

/** Starts the assertions of an area. Each may name another source than the area's own. */
export function area(name: string, origin: Origin): AreaBuilder {
  const create =
    (mode: Mode): AreaBuilder['read'] =>
    (id, statement, run, own = {}) => ({
      ...origin,
      ...own,
      id: `${name}.${id}`,
      area: name,
      statement,
      mode,
      run,
    })
  return { read: create('read'), write: create('write') }
}
