import { gradeRank } from '../../change.ts'
import { byCodeUnit } from '../../source-text.ts'
import { type LocatedOperation, type OpenApiDocument, operationsOf } from '../document.ts'
import { compareOperations } from './compare-operations.ts'
import { SchemaComparison } from './compare-schemas.ts'
import type { SchemaChange } from './schema-change.ts'

/**
 * Compares two normalized documents and returns the changes that code can observe. It compares operations and the
 * schemas that they reach, so component names and prose do not matter. Changes are sorted by grade, then by pointer.
 *
 * @example
 * const breaking = diffDocuments(before, after).filter((change) => change.grade === 'breaking')
 */
export function diffDocuments(older: OpenApiDocument, newer: OpenApiDocument): SchemaChange[] {
  const changes: SchemaChange[] = []
  const report = (change: SchemaChange): void => {
    changes.push(change)
  }
  const schemas = new SchemaComparison(older, newer, report)
  const before = byRoute(older)
  const after = byRoute(newer)

  for (const [route, old] of before) {
    const fresh = after.get(route)
    if (fresh === undefined) {
      const operation = routeText(old)
      const target = findMoved(old, before, after)
      const message = target === undefined ? 'was removed' : `moved to ${routeText(target)}`
      report({ grade: 'breaking', pointer: old.pointer, operation, message })
      continue
    }
    const operation = routeText(fresh)
    if (old.path !== fresh.path) {
      const message = `has other path parameter names; the path was ${old.path}`
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
      gradeRank[a.grade] - gradeRank[b.grade] ||
      byCodeUnit(a.pointer, b.pointer) ||
      byCodeUnit(a.message, b.message),
  )
}

/** Indexes operations by method and path. The names of path parameters do not matter. */
function byRoute(document: OpenApiDocument): Map<string, LocatedOperation> {
  const routes = new Map<string, LocatedOperation>()
  for (const located of operationsOf(document)) {
    routes.set(`${located.method} ${located.path.replaceAll(/\{[^}]*\}/g, '{}')}`, located)
  }
  return routes
}

/** Finds the new path of a removed operation: the only new operation with the same method, input and output. */
function findMoved(
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
  // Operations without component schemas all look alike.
  return text.includes('$ref') ? `${method} ${text}` : undefined
}

function routeText({ method, path }: LocatedOperation): string {
  return `${method.toUpperCase()} ${path}`
}
