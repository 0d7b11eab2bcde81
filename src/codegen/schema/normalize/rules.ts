import type { Rule } from './rule.ts'
import { chooseRequestContent } from './rules/choose-request-content.ts'
import { chooseResponseContent } from './rules/choose-response-content.ts'
import { derivePaging } from './rules/derive-paging.ts'
import { dropNullDefaults } from './rules/drop-null-defaults.ts'
import { dropUnsafeBounds } from './rules/drop-unsafe-bounds.ts'
import { dropUnusedComponents } from './rules/drop-unused-components.ts'
import { dropVendorExtensions } from './rules/drop-vendor-extensions.ts'
import { foldNullSpellings } from './rules/fold-null-spellings.ts'
import { foldSingleValues } from './rules/fold-single-values.ts'
import { inlineSharedBodies } from './rules/inline-shared-bodies.ts'
import { keepScopesAsData } from './rules/keep-scopes-as-data.ts'
import { loosenFormats } from './rules/loosen-formats.ts'
import { markDeletes } from './rules/mark-deletes.ts'
import { markNumberedComponents } from './rules/mark-numbered-components.ts'
import { markOpenUnions } from './rules/mark-open-unions.ts'
import { mergeAmbiguousTemplates } from './rules/merge-ambiguous-templates.ts'
import { nameOperations } from './rules/name-operations.ts'
import { openNullOnlyFields } from './rules/open-null-only-fields.ts'
import { readEnvironmentsAsProjects } from './rules/read-environments-as-projects.ts'
import { renameComponents } from './rules/rename-components.ts'
import { requireDiscriminators } from './rules/require-discriminators.ts'
import { sharePathParameters } from './rules/share-path-parameters.ts'
import { stripProse } from './rules/strip-prose.ts'
import { tagByResource } from './rules/tag-by-resource.ts'
import { unwrapListEnvelopes } from './rules/unwrap-list-envelopes.ts'
import { unwrapSingleUnions } from './rules/unwrap-single-unions.ts'
import { upgradeTo31 } from './rules/upgrade-to-3-1.ts'

/**
 * All rules with their names, in the order in which they run. The order matters in few places: paths are settled
 * before names and tags are made from them, prose is gone before a schema is called empty or a union single, and
 * unused components fall away last.
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
