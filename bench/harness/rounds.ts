import type { Contestant } from './contestants.ts'
import { load } from './load.ts'

/** How much is sent. */
export interface Effort {
  readonly rounds: number
  /** Requests of each contestant in each round. */
  readonly requests: number
  readonly inFlight: number
}

/** Rounds before the first that counts: by then the compiler is done with what runs often. */
const warmUp = 2

/**
 * CPU of this process per request in microseconds, user and system, by contestant and round. In each round everybody
 * has a turn, in random order: what drifts over the run hits all alike, and nobody always follows the same one.
 */
export async function runRounds(
  contestants: readonly Contestant[],
  { rounds, requests, inFlight }: Effort,
): Promise<Map<string, number[]>> {
  const costs = new Map(contestants.map(({ name }) => [name, [] as number[]]))
  for (let round = -warmUp; round < rounds; round++) {
    for (const contestant of shuffled(contestants)) {
      // Nobody pays for what another one left behind. Only there with --expose-gc.
      globalThis.gc?.()
      const before = process.cpuUsage()
      await load(contestant, requests, inFlight)
      const { user, system } = process.cpuUsage(before)
      if (round >= 0) costs.get(contestant.name)?.push((user + system) / requests)
    }
  }
  return costs
}

/** The same items in random order. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
