import { isObject } from '../../../../shared/is-object.ts'
import {
  type OpenApiDocument,
  type OperationObject,
  operationsOf,
  type RequestBodyObject,
} from '../../document.ts'
import { assignNames } from '../../naming/operation-name.ts'
import { resourceOf } from '../../naming/route.ts'
import { resolveSchema } from '../../walk/references.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Replaces the tags of an operation with one: the resource of its path. PostHog's tags are inconsistent. */
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

/** Replaces operation ids with names derived from method and path. PostHog numbers and renames its ids. */
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

/** Name of the security scheme in PostHog's current documents. */
const schemeName = 'PersonalAPIKeyAuth'

/**
 * Moves the scopes of an operation to `x-typehog-scopes` and sets one security scheme for the document. PostHog omits
 * `security` for some operations that require a key. Without the extension the scopes are unknown. An empty list means
 * that the operation requires no scope.
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

/**
 * Marks how an object is deleted with `x-typehog-delete`. A DELETE is `refused` when 405 is its only response,
 * otherwise `hard`. The PATCH of the same path is `soft` when the DELETE is refused and its body accepts `deleted`.
 */
export function markDeletes(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const { path, method, operation, pointer } of operationsOf(document)) {
    if (method !== 'delete') continue
    const statuses = Object.keys(operation.responses ?? {})
    const refused = statuses.length > 0 && statuses.every((status) => status === '405')
    const kind = refused ? 'refused' : 'hard'
    if (operation['x-typehog-delete'] !== kind) count.add(pointer)
    operation['x-typehog-delete'] = kind
    const patch = document.paths[path]?.patch
    if (refused && patch !== undefined && acceptsDeleted(document, patch.requestBody)) {
      patch['x-typehog-delete'] = 'soft'
    }
  }
  return count
}

function acceptsDeleted(document: OpenApiDocument, body: RequestBodyObject | undefined): boolean {
  const schema = body?.content?.['application/json']?.schema
  const property = schema === undefined ? undefined : resolveSchema(document, schema).properties?.['deleted']
  return property !== undefined && property.readOnly !== true
}
