import type { OpenApiDocument } from '../../document.ts'
import { assignNames } from '../../naming/assign-names.ts'
import { operationsOf } from '../../walk/operations.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Replaces operation ids, which PostHog numbers and renames, by names made from method and path. */
export function nameOperations(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const operations = [...operationsOf(document)]
  const names = assignNames(operations)
  for (const [index, { operation, pointer }] of operations.entries()) {
    const name = names[index]
    if (name === undefined || operation.operationId === name) continue
    operation.operationId = name
    count.add(pointer)
  }
  return count
}
