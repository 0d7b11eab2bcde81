import type { TypehogClient } from '../../../src/index.ts'

/** What a journey is given. */
export interface Surroundings {
  readonly posthog: TypehogClient
  /** Whether the server keeps what it is told: the local PostHog does, the mock of the schema does not. */
  readonly keeps: boolean
  /** A text that no other object has. */
  readonly fresh: (word: string) => string
  /** A second project. */
  readonly otherProject: number
}

/** Uses every method of a resource, as somebody would. */
export type Journey = (surroundings: Surroundings) => Promise<void>
