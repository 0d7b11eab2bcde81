import type { OpenApiDocument } from '../schema/document.ts'
import { operationsOf } from '../schema/walk/operations.ts'
import { schemasReferencedIn } from './references.ts'

/** Folder of everything that more than one resource uses. */
export const sharedFolder = 'shared'

/** Tells which folder of the generated tree a path or a component belongs to. */
export interface Placement {
  ofPath(path: string): string
  ofComponent(name: string): string
}

/**
 * A path belongs to its resource; a component belongs to the one resource whose operations reach it, or to
 * `shared`. What `shared` refers to is reached by the same resources and so is shared as well: imports run from
 * resources to `shared` and never back, which keeps validators free of import cycles.
 */
export function placeSymbols(document: OpenApiDocument): Placement {
  const folderOfPath = new Map<string, string>()
  const usersOf = new Map<string, Set<string>>()
  const schemas = document.components?.schemas ?? {}

  const reach = (from: unknown, folder: string): void => {
    for (const name of schemasReferencedIn(from)) {
      const users = usersOf.get(name) ?? new Set<string>()
      usersOf.set(name, users)
      if (users.has(folder)) continue
      users.add(folder)
      reach(schemas[name], folder)
    }
  }

  for (const { path, operation } of operationsOf(document)) {
    const folder = operation.tags?.[0] ?? sharedFolder
    folderOfPath.set(path, folder)
    reach(operation, folder)
  }

  return {
    ofPath: (path) => folderOfPath.get(path) ?? sharedFolder,
    ofComponent(name) {
      const [only, ...others] = usersOf.get(name) ?? usersOf.get(name.replace(/Writable$/, '')) ?? []
      return only === undefined || others.length > 0 ? sharedFolder : only
    },
  }
}
