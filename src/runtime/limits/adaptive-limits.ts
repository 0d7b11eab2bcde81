import type { Claim } from './store.ts'

/** Part of the published limit by which a learned one grows in each stretch of its window without a refusal. */
const growth = 0.1
/** Milliseconds after which one more place is tried again. */
const placeRecovery = 30_000

interface Lesson {
  readonly value: number
  readonly at: number
}

/** What PostHog's refusals taught: limits below the published ones, which grow back while nothing is refused. */
export interface Learned {
  /** The claim with the limits that hold now. */
  apply(claim: Claim): Claim
  learn(key: string, value: number): void
}

/** Lessons over a clock that counts milliseconds. */
export function createLearned(monotonic: () => number): Learned {
  const lessons = new Map<string, Lesson>()
  const limit = (key: string, nominal: number, grow: (lesson: Lesson) => number): number => {
    const lesson = lessons.get(key)
    if (lesson === undefined) return nominal
    const value = Math.floor(grow(lesson))
    if (value < nominal) return Math.max(1, value)
    lessons.delete(key)
    return nominal
  }
  return {
    learn: (key, value) => {
      lessons.set(key, { value: Math.max(1, value), at: monotonic() })
    },
    apply(claim) {
      if (lessons.size === 0) return claim
      const now = monotonic()
      const windows = claim.windows.map((window) => {
        const grow = ({ value, at }: Lesson): number =>
          value + (window.requests * growth * (now - at)) / window.ms
        return { ...window, requests: limit(window.key, window.requests, grow) }
      })
      const gates = claim.gates.map((gate) => {
        const grow = ({ value, at }: Lesson): number => value + (now - at) / placeRecovery
        return { ...gate, places: limit(gate.key, gate.places, grow) }
      })
      return { ...claim, windows, gates }
    },
  }
}
