import type { OpenApiDocument } from '../../document.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Endings in a digit that are part of a word. */
const meantNumber = /(?:V|OAuth|Sha|Base|Utf|Ipv|Md|S)\d+$/i

/**
 * Marks components named by counting (`Response26`, `QueryResponseAlternative7`) with `x-typehog-internal: true`.
 * The numbers move between releases, so such names must not reach anybody's code.
 */
export function markNumberedComponents(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    if (!/\d$/.test(name) || meantNumber.test(name) || schema['x-typehog-internal'] === true) continue
    schema['x-typehog-internal'] = true
    count.add(appendPointer('/components/schemas', name))
  }
  return count
}
