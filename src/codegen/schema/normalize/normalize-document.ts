import type { OpenApiDocument } from '../document.ts'
import { canonicalOrder } from './canonical-order.ts'
import type { RuleReport } from './rule.ts'
import { rules } from './rules.ts'

/** A document without quirks, and what it took. */
export interface NormalizedDocument {
  readonly document: OpenApiDocument
  readonly report: RuleReport[]
}

/**
 * Evens out the quirks of a PostHog OpenAPI document, one rule after the other, and sorts it. The input is left as
 * it is; the same input gives the same result to the byte, and a normalised document comes back unchanged.
 *
 * @example
 * const { document, report } = normalizeDocument(raw)
 * for (const { rule, changed } of report) console.log(rule, changed)
 */
export function normalizeDocument(source: OpenApiDocument): NormalizedDocument {
  // Through text and not by structuredClone: YAML aliases make parts shared, and rules must see each place apart.
  const document = JSON.parse(JSON.stringify(source)) as OpenApiDocument
  const report = rules.map(([rule, apply]): RuleReport => {
    const { changed, sample } = apply(document)
    return { rule, changed, sample: [...sample] }
  })
  return { document: canonicalOrder(document), report }
}
