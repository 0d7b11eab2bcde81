import type { OpenApiDocument } from '../../document.ts'
import { resourceOf } from '../../naming/route.ts'
import { operationsOf } from '../../walk/operations.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Replaces tags (doubled, product names, sometimes two that differ) by one: the resource of the path. */
export function tagByResource(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const resources = new Set<string>()
  for (const { path, operation, pointer } of operationsOf(document)) {
    const resource = resourceOf(path)
    resources.add(resource)
    if (operation.tags?.length === 1 && operation.tags[0] === resource) continue
    operation.tags = [resource]
    count.add(pointer)
  }
  document.tags = [...resources].sort().map((name) => ({ name }))
  return count
}
