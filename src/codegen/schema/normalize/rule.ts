import type { OpenApiDocument } from '../document.ts'

/** What one rule did to a document. */
export interface RuleOutcome {
  /** How many places it changed. */
  readonly changed: number
  /** JSON pointers of the first few of them. */
  readonly sample: string[]
}

/** One quirk of PostHog's document and how it is evened out. Rules change the document they are given. */
export type Rule = (document: OpenApiDocument) => RuleOutcome

/** An outcome with the name of its rule. */
export interface RuleReport extends RuleOutcome {
  readonly rule: string
}

/** How many places of a rule's changes are kept to show. */
const sampleSize = 5

/** Counts changes and keeps the first few places. */
export interface ChangeCount extends RuleOutcome {
  changed: number
  add(place: string): void
}

/** A count of changes that starts at zero. */
export function countChanges(): ChangeCount {
  const sample: string[] = []
  return {
    changed: 0,
    sample,
    add(place) {
      this.changed += 1
      if (sample.length < sampleSize) sample.push(place)
    },
  }
}
