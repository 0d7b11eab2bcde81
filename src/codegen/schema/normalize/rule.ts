import type { OpenApiDocument } from '../document.ts'

/** The result of one rule. */
export interface RuleOutcome {
  /** Number of changed places. */
  readonly changed: number
  /** JSON pointers of the first few changes. */
  readonly sample: string[]
}

/** Fixes one quirk of PostHog's document. A rule changes the document in place. */
export type Rule = (document: OpenApiDocument) => RuleOutcome

/** The result of a rule with its name. */
export interface RuleReport extends RuleOutcome {
  readonly rule: string
}

/** Maximum number of pointers in a sample. */
const maxSampleSize = 5

/** Counts changes and collects a sample of their pointers. */
export interface ChangeCount extends RuleOutcome {
  changed: number
  add(place: string): void
}

/** Creates a count that starts at zero. */
export function countChanges(): ChangeCount {
  const sample: string[] = []
  return {
    changed: 0,
    sample,
    add(place) {
      this.changed += 1
      if (sample.length < maxSampleSize) sample.push(place)
    },
  }
}
