import { isObject } from '../../../../shared/is-object.ts'
import { httpMethods, type OpenApiDocument, type PathItemObject } from '../../document.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

const environmentPath = /^\/api\/environments\/\{(?:project_id|environment_id)\}\//

/**
 * Moves `/api/environments/{…}/…` to `/api/projects/{project_id}/…`. The environments prefix is a deprecated alias for
 * the same views. When both exist, the alias is dropped. When only the alias exists, the operation is marked with
 * `x-typehog-environments`, because older servers may not have the projects route.
 */
export function readEnvironmentsAsProjects(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const [path, item] of Object.entries(document.paths)) {
    if (!environmentPath.test(path)) continue
    const twinPath = path.replace(environmentPath, '/api/projects/{project_id}/')
    const twin = document.paths[twinPath]
    const moved = httpMethods.filter((method) => item[method] !== undefined && twin?.[method] === undefined)
    for (const method of moved) Object.assign(item[method] ?? {}, { 'x-typehog-environments': true })
    delete document.paths[path]
    count.add(appendPointer('/paths', path))
    if (twin === undefined) {
      document.paths[twinPath] = item
      continue
    }
    const shared = item.parameters ?? []
    for (const method of httpMethods) {
      const operation = item[method]
      if (operation === undefined || twin[method] !== undefined) continue
      // The path item is dropped, so its parameters move to the operation.
      if (shared.length > 0) operation.parameters = [...shared, ...(operation.parameters ?? [])]
      twin[method] = operation
    }
  }
  return count
}

/**
 * Merges paths that differ only in parameter names, which OpenAPI forbids. `/query/{id}/` (GET, DELETE) and
 * `/query/{query_kind}/` (POST) become one path. It has the parameter names of the path that sorts first.
 */
export function mergeAmbiguousTemplates(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const pathByShape = new Map<string, string>()
  for (const path of Object.keys(document.paths).sort()) {
    const shape = path.replaceAll(/\{[^}]*\}/g, '{}')
    const target = pathByShape.get(shape)
    const item = document.paths[path]
    if (item === undefined) continue
    if (target === undefined) {
      pathByShape.set(shape, path)
      continue
    }
    merge(document.paths[target] ?? {}, item, renames(path, target))
    delete document.paths[path]
    count.add(appendPointer('/paths', path))
  }
  return count
}

function merge(target: PathItemObject, other: PathItemObject, names: ReadonlyMap<string, string>): void {
  const shared = other.parameters ?? []
  for (const method of httpMethods) {
    const operation = other[method]
    if (operation === undefined || target[method] !== undefined) continue
    const parameters = [...(operation.parameters ?? []), ...shared]
    operation.parameters = parameters.map((parameter) => {
      if (!isObject(parameter) || parameter['in'] !== 'path' || typeof parameter['name'] !== 'string')
        return parameter
      return { ...parameter, name: names.get(parameter['name']) ?? parameter['name'] }
    })
    target[method] = operation
  }
}

function renames(from: string, to: string): ReadonlyMap<string, string> {
  const names = (path: string): string[] => [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
  const targets = names(to)
  return new Map(names(from).map((name, index) => [name, targets[index] ?? name]))
}
