import { gradeRank } from '../../change.ts'
import { diffDocuments } from '../diff/diff-documents.ts'
import type { SchemaChange } from '../diff/schema-change.ts'
import { type OpenApiDocument, operationsOf } from '../document.ts'
import { applyFittingOverlays } from '../overlay/apply-overlays.ts'
import { differingRoutes, routeOf, selectOperations } from './select-operations.ts'
import type { ServerLock } from './server-lock.ts'
import type { ShippedSchema } from './shipped-schema.ts'

/** What a server has beyond Typehog's snapshot, and what it lacks. */
export interface ServerDifference {
  /** The operations to write, normalized and without overlays. */
  readonly document: OpenApiDocument
  /** The same operations with the overlays that fit. */
  readonly overlaid: OpenApiDocument
  readonly missing: readonly string[]
  /** Number of operations of the server. */
  readonly operations: number
}

/** Finds the operations of a normalized document that the snapshot lacks or describes differently. */
export function compareServer(server: OpenApiDocument, shipped: ShippedSchema): ServerDifference {
  const overlaid = withOverlays(server, shipped)
  const written = new Set(differingRoutes(overlaid, shipped.document))
  const own = new Set([...operationsOf(overlaid)].map(routeOf))
  return {
    document: selectOperations(server, (route) => written.has(route)),
    overlaid: selectOperations(overlaid, (route) => written.has(route)),
    missing: [...operationsOf(shipped.document)].map(routeOf).filter((route) => !own.has(route)),
    operations: [...operationsOf(server)].length,
  }
}

/**
 * Grades what has changed on a server since the pull. The types of a project are those of the lock, and for all other
 * operations those of the snapshot.
 */
export function gradeDrift(
  server: OpenApiDocument,
  lock: ServerLock,
  shipped: ShippedSchema,
): SchemaChange[] {
  const before = withOverlays(lock.document, shipped)
  const after = withOverlays(server, shipped)
  const locked = new Set([...operationsOf(lock.document)].map(routeOf))
  const missing = new Set(lock.missing)
  const isLocked = (route: string): boolean => locked.has(route)
  const isOther = (route: string): boolean => !locked.has(route)
  const changes = [
    ...diffDocuments(selectOperations(before, isLocked), selectOperations(after, isLocked)),
    ...diffDocuments(
      selectOperations(shipped.document, (route) => isOther(route) && !missing.has(route)),
      selectOperations(after, isOther),
    ),
  ]
  return changes.sort((a, b) => gradeRank[a.grade] - gradeRank[b.grade])
}

/**
 * Applies the overlays that fit. An overlay may add a part of an operation that the server lacks; only operations that
 * overlays define completely stay.
 */
function withOverlays(server: OpenApiDocument, shipped: ShippedSchema): OpenApiDocument {
  const overlaid = applyFittingOverlays(server, shipped.overlays)
  const own = new Set([...operationsOf(server)].map(routeOf))
  const complete = new Map(
    [...operationsOf(shipped.document)].map((located) => [
      routeOf(located),
      JSON.stringify(located.operation),
    ]),
  )
  const partial = [...operationsOf(overlaid)].filter((located) => {
    return !own.has(routeOf(located)) && JSON.stringify(located.operation) !== complete.get(routeOf(located))
  })
  if (partial.length === 0) return overlaid
  const dropped = new Set(partial.map(routeOf))
  return selectOperations(overlaid, (route) => !dropped.has(route))
}
