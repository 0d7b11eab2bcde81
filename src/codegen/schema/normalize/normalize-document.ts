import type { OpenApiDocument } from '../document.ts'
import { canonicalOrder } from './canonical-order.ts'
import type { Rule, RuleReport } from './rule.ts'
import { chooseRequestContent, chooseResponseContent, inlineSharedBodies } from './rules/bodies.ts'
import { dropUnusedComponents, markNumberedComponents, renameComponents } from './rules/components.ts'
import { dropUnsafeBounds, loosenFormats } from './rules/constraints.ts'
import { derivePaging, unwrapListEnvelopes } from './rules/lists.ts'
import { dropNullDefaults, foldNullSpellings, openNullOnlyFields } from './rules/null-spellings.ts'
import { keepScopesAsData, markDeletes, nameOperations, tagByResource } from './rules/operations.ts'
import { sharePathParameters } from './rules/path-parameters.ts'
import { mergeAmbiguousTemplates, readEnvironmentsAsProjects } from './rules/paths.ts'
import {
  foldSingleValues,
  markOpenUnions,
  requireDiscriminators,
  unwrapSingleUnions,
} from './rules/unions.ts'
import { upgradeTo31 } from './rules/upgrade-to-3-1.ts'
import { dropVendorExtensions, stripProse } from './rules/vendor-content.ts'

/** A normalized document and the result of each rule. */
export interface NormalizedDocument {
  readonly document: OpenApiDocument
  readonly report: RuleReport[]
}

/**
 * Normalizes a copy of a PostHog OpenAPI document: applies all rules in order, then sorts the keys. The result is
 * deterministic, and normalizing a normalized document changes nothing.
 *
 * @example
 * const { document, report } = normalizeDocument(raw)
 * for (const { rule, changed } of report) console.log(rule, changed)
 */
export function normalizeDocument(source: OpenApiDocument): NormalizedDocument {
  // Not structuredClone: it would keep parts shared that YAML aliases share, and rules must see each place separately.
  const document = JSON.parse(JSON.stringify(source)) as OpenApiDocument
  const report = rules.map(([rule, apply]): RuleReport => {
    const { changed, sample } = apply(document)
    return { rule, changed, sample: [...sample] }
  })
  return { document: canonicalOrder(document), report }
}

/**
 * All rules in the order in which they run. Three constraints: paths come before the names and tags that derive from
 * them, prose is removed before rules look for empty schemas and single-member unions, and unused components come last.
 */
export const rules: readonly (readonly [name: string, rule: Rule])[] = [
  ['inline-shared-bodies', inlineSharedBodies],
  ['strip-prose', stripProse],
  ['drop-vendor-extensions', dropVendorExtensions],
  ['upgrade-to-3-1', upgradeTo31],
  ['read-environments-as-projects', readEnvironmentsAsProjects],
  ['merge-ambiguous-templates', mergeAmbiguousTemplates],
  ['share-path-parameters', sharePathParameters],
  ['keep-scopes-as-data', keepScopesAsData],
  ['choose-request-content', chooseRequestContent],
  ['choose-response-content', chooseResponseContent],
  ['fold-single-values', foldSingleValues],
  ['mark-open-unions', markOpenUnions],
  ['unwrap-single-unions', unwrapSingleUnions],
  ['fold-null-spellings', foldNullSpellings],
  ['open-null-only-fields', openNullOnlyFields],
  ['require-discriminators', requireDiscriminators],
  ['loosen-formats', loosenFormats],
  ['drop-unsafe-bounds', dropUnsafeBounds],
  ['drop-null-defaults', dropNullDefaults],
  ['rename-components', renameComponents],
  ['mark-numbered-components', markNumberedComponents],
  ['unwrap-list-envelopes', unwrapListEnvelopes],
  ['tag-by-resource', tagByResource],
  ['name-operations', nameOperations],
  ['mark-deletes', markDeletes],
  ['derive-paging', derivePaging],
  ['drop-unused-components', dropUnusedComponents],
]
