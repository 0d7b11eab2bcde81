import { type OpenApiDocument, operationsOf } from '../schema/document.ts'
import { schemasReferencedIn } from '../schema/walk/references.ts'

/** Folder of components that several resources use. */
export const sharedFolder = 'shared'

/** Maps paths and components to folders of the generated tree. */
export interface Placement {
  ofPath(path: string): string
  ofComponent(name: string): string
}

/**
 * Places paths in the folder of their resource, and components in the folder of the only resource that uses them or in
 * `shared`. Components that a shared component references are shared too. Imports therefore never point from `shared`
 * to a resource, and validators have no import cycles.
 */
export function placeSymbols(document: OpenApiDocument): Placement {
  const folderOfPath = new Map<string, string>()
  const usersOf = new Map<string, Set<string>>()
  const schemas = document.components?.schemas ?? {}

  const visit = (from: unknown, folder: string): void => {
    for (const name of schemasReferencedIn(from)) {
      const users = usersOf.get(name) ?? new Set<string>()
      usersOf.set(name, users)
      if (users.has(folder)) continue
      users.add(folder)
      visit(schemas[name], folder)
    }
  }

  for (const { path, operation } of operationsOf(document)) {
    const folder = operation.tags?.[0] ?? sharedFolder
    folderOfPath.set(path, folder)
    visit(operation, folder)
  }

  return {
    ofPath: (path) => folderOfPath.get(path) ?? sharedFolder,
    ofComponent(name) {
      const [only, ...others] = usersOf.get(name) ?? usersOf.get(name.replace(/Writable$/, '')) ?? []
      return only === undefined || others.length > 0 ? sharedFolder : only
    },
  }
}
