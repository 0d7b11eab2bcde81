import type { OpenApiDocument } from '../document.ts'
import { type LocatedOperation, operationsOf } from '../walk/operations.ts'
import { compareOperations } from './compare-operations.ts'
import { schemaComparison } from './compare-schemas.ts'
import type { Grade, SchemaChange } from './schema-change.ts'

const order: Readonly<Record<Grade, number>> = { breaking: 0, risky: 1, safe: 2 }

/**
 * What changed between two normalised documents, as far as code against the API can notice. Only what operations
 * reach is compared, so names of components do not matter, and neither does prose. Breaking changes come first, then
 * by place.
 *
 * @example
 * const breaking = diffDocuments(before, after).filter((change) => change.grade === 'breaking')
 */
export function diffDocuments(older: OpenApiDocument, newer: OpenApiDocument): SchemaChange[] {
  const changes: SchemaChange[] = []
  const report = (change: SchemaChange): void => {
    changes.push(change)
  }
  const schemas = schemaComparison(older, newer, report)
  const before = byRoute(older)
  const after = byRoute(newer)

  for (const [route, old] of before) {
    const fresh = after.get(route)
    if (fresh === undefined) {
      const operation = routeText(old)
      const target = moved(old, before, after)
      const message = target === undefined ? 'is gone' : `has moved to ${routeText(target)}`
      report({ grade: 'breaking', pointer: old.pointer, operation, message })
      continue
    }
    const operation = routeText(fresh)
    if (old.path !== fresh.path) {
      const message = `names its path parameters differently; it was ${old.path}`
      report({ grade: 'risky', pointer: fresh.pointer, operation, message })
    }
    compareOperations(
      { older: old.operation, newer: fresh.operation, pointer: fresh.pointer, operation },
      { older, newer, schemas, report },
    )
  }
  for (const [route, fresh] of after) {
    if (before.has(route)) continue
    report({ grade: 'safe', pointer: fresh.pointer, operation: routeText(fresh), message: 'is new' })
  }
  return changes.sort(
    (a, b) =>
      order[a.grade] - order[b.grade] || compare(a.pointer, b.pointer) || compare(a.message, b.message),
  )
}

/** Operations by method and path; names of path parameters are not part of a route. */
function byRoute(document: OpenApiDocument): Map<string, LocatedOperation> {
  const routes = new Map<string, LocatedOperation>()
  for (const located of operationsOf(document)) {
    routes.set(`${located.method} ${located.path.replaceAll(/\{[^}]*\}/g, '{}')}`, located)
  }
  return routes
}

/** The new operation that does what a vanished one did: the only one with its method, input and output. */
function moved(
  old: LocatedOperation,
  before: ReadonlyMap<string, LocatedOperation>,
  after: ReadonlyMap<string, LocatedOperation>,
): LocatedOperation | undefined {
  const wanted = signature(old)
  if (wanted === undefined) return undefined
  const candidates = [...after].filter(([route, fresh]) => !before.has(route) && signature(fresh) === wanted)
  return candidates.length === 1 ? candidates[0]?.[1] : undefined
}

function signature({ method, operation }: LocatedOperation): string | undefined {
  const { requestBody, responses } = operation
  const text = JSON.stringify([requestBody ?? null, responses ?? null])
  // Operations that are described by no component look alike and say nothing about where one went.
  return text.includes('$ref') ? `${method} ${text}` : undefined
}

function routeText({ method, path }: LocatedOperation): string {
  return `${method.toUpperCase()} ${path}`
}

/** Order by code unit, which no locale changes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
