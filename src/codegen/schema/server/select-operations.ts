import { type LocatedOperation, type OpenApiDocument, operationsOf } from '../document.ts'
import { schemasReferencedIn } from '../walk/references.ts'

/** The name of an operation, such as `GET /api/users/`. */
export function routeOf({ method, path }: LocatedOperation): string {
  return `${method.toUpperCase()} ${path}`
}

/** Copies the operations that a predicate keeps, with the schemas that they reach. */
export function selectOperations(source: OpenApiDocument, keep: (route: string) => boolean): OpenApiDocument {
  const document = structuredClone(source)
  for (const located of [...operationsOf(document)]) {
    if (!keep(routeOf(located))) delete document.paths[located.path]?.[located.method]
  }
  const kept = [...operationsOf(document)]
  const paths = new Set(kept.map(({ path }) => path))
  for (const path of Object.keys(document.paths)) if (!paths.has(path)) delete document.paths[path]
  const schemas = document.components?.schemas ?? {}
  const reached = schemasReachedFrom(
    document,
    kept.map(({ operation }) => operation),
  )
  for (const name of Object.keys(schemas)) if (!reached.has(name)) delete schemas[name]
  return document
}

/** The operations of a server that another document lacks or describes differently, in order. */
export function differingRoutes(server: OpenApiDocument, other: OpenApiDocument): string[] {
  const known = new Map([...operationsOf(other)].map((located) => [routeOf(located), located]))
  const changed = changedSchemas(server, other)
  const routes: string[] = []
  for (const located of operationsOf(server)) {
    const twin = known.get(routeOf(located))
    const same =
      twin !== undefined &&
      JSON.stringify(located.operation) === JSON.stringify(twin.operation) &&
      [...schemasReachedFrom(server, located.operation)].every((name) => !changed.has(name))
    if (!same) routes.push(routeOf(located))
  }
  return routes
}

/** Names of the schemas whose own text differs from that in the other document. Both documents are in canonical order. */
function changedSchemas(server: OpenApiDocument, other: OpenApiDocument): ReadonlySet<string> {
  const theirs = other.components?.schemas ?? {}
  const changed = Object.entries(server.components?.schemas ?? {}).filter(([name, schema]) => {
    return !Object.hasOwn(theirs, name) || JSON.stringify(schema) !== JSON.stringify(theirs[name])
  })
  return new Set(changed.map(([name]) => name))
}

function schemasReachedFrom(document: OpenApiDocument, from: unknown): ReadonlySet<string> {
  const schemas = document.components?.schemas ?? {}
  const reached = new Set<string>()
  const visit = (value: unknown): void => {
    for (const name of schemasReferencedIn(value)) {
      if (reached.has(name)) continue
      reached.add(name)
      visit(schemas[name])
    }
  }
  visit(from)
  return reached
}
