import type { OpenApiDocument, OperationObject } from '../../document.ts'
import { isObject } from '../../walk/is-object.ts'
import { operationsOf } from '../../walk/operations.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Name of the one security scheme, as PostHog's newest documents have it. */
const schemeName = 'PersonalAPIKeyAuth'

/**
 * Moves the scopes of an operation to `x-typehog-scopes` and makes security the same everywhere. A missing
 * `security` does not mean public, and a generator that read it so would send no key. Without the extension the
 * scopes are unknown; an empty list means that no key scope is asked for.
 */
export function keepScopesAsData(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { operation, pointer } of operationsOf(document)) {
    const scopes = scopesOf(operation)
    if (scopes !== undefined) {
      operation['x-typehog-scopes'] = scopes
      count.add(pointer)
    }
    delete operation.security
  }
  document.security = [{ [schemeName]: [] }]
  document.components ??= {}
  const scheme = { type: 'http', scheme: 'bearer' }
  if (JSON.stringify(document.components.securitySchemes) !== JSON.stringify({ [schemeName]: scheme })) {
    document.components.securitySchemes = { [schemeName]: scheme }
    count.add('/components/securitySchemes')
  }
  return count
}

function scopesOf(operation: OperationObject): string[] | undefined {
  if (!Array.isArray(operation.security)) return undefined
  const scopes = new Set<string>()
  for (const requirement of operation.security) {
    if (!isObject(requirement)) continue
    for (const names of Object.values(requirement)) for (const name of names) scopes.add(name)
  }
  return [...scopes].sort()
}
