import { httpMethods, type OpenApiDocument } from '../../document.ts'
import { appendPointer } from '../../walk/json-pointer.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

const environmentPath = /^\/api\/environments\/\{(?:project_id|environment_id)\}\//

/**
 * Reads `/api/environments/{…}/…` as its twin under `/api/projects/{project_id}/…`: the environments prefix is a
 * deprecated alias that serves the same views. Where both exist the projects operation is kept and the other dropped;
 * where only the alias is described, older servers may know nothing else, and the operation is marked.
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
      // Parameters of the dropped path item would be lost, so they move to the operation.
      if (shared.length > 0) operation.parameters = [...shared, ...(operation.parameters ?? [])]
      twin[method] = operation
    }
  }
  return count
}
