import { httpMethods, type OpenApiDocument, type PathItemObject } from '../../document.ts'
import { isObject } from '../../walk/is-object.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/**
 * Joins paths that differ in parameter names alone, which OpenAPI forbids: `/query/{id}/` (GET, DELETE) and
 * `/query/{query_kind}/` (POST) become one path with the parameter names of the path that sorts first.
 */
export function mergeAmbiguousTemplates(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  const keptByShape = new Map<string, string>()
  for (const path of Object.keys(document.paths).sort()) {
    const shape = path.replaceAll(/\{[^}]*\}/g, '{}')
    const kept = keptByShape.get(shape)
    const item = document.paths[path]
    if (item === undefined) continue
    if (kept === undefined) {
      keptByShape.set(shape, path)
      continue
    }
    merge(document.paths[kept] ?? {}, item, renames(path, kept))
    delete document.paths[path]
    count.add(appendPointer('/paths', path))
  }
  return count
}

function merge(kept: PathItemObject, other: PathItemObject, names: ReadonlyMap<string, string>): void {
  const shared = other.parameters ?? []
  for (const method of httpMethods) {
    const operation = other[method]
    if (operation === undefined || kept[method] !== undefined) continue
    const parameters = [...(operation.parameters ?? []), ...shared]
    operation.parameters = parameters.map((parameter) => {
      if (!isObject(parameter) || parameter['in'] !== 'path' || typeof parameter['name'] !== 'string')
        return parameter
      return { ...parameter, name: names.get(parameter['name']) ?? parameter['name'] }
    })
    kept[method] = operation
  }
}

function renames(from: string, to: string): ReadonlyMap<string, string> {
  const names = (path: string): string[] => [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
  const targets = names(to)
  return new Map(names(from).map((name, index) => [name, targets[index] ?? name]))
}
