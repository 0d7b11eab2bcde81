import type {
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  PathItemObject,
  ReferenceObject,
} from '../../document.ts'
import { appendPointer, resolvePointer } from '../../walk/json-pointer.ts'
import { countChanges, type RuleOutcome } from '../rule.ts'

/** Path parameters that the API shares, each with its component. */
const sharedParameters: readonly { readonly name: string; readonly component: string }[] = [
  { name: 'organization_id', component: 'OrganizationIdPath' },
  { name: 'project_id', component: 'ProjectIdPath' },
]

/** Other names of the shared parameters. */
const aliases: Readonly<Record<string, string>> = { environment_id: 'project_id' }

/**
 * Gives each operation exactly the parameters of its path, in path order. Parameters of the path item move into the
 * operation, `environment_id` becomes `project_id`, and shared parameters become references to a component.
 */
export function sharePathParameters(document: OpenApiDocument): RuleOutcome {
  const count = countChanges()
  for (const [path, item] of Object.entries(document.paths)) {
    const inherited = item.parameters ?? []
    delete item.parameters
    for (const [method, operation] of Object.entries(methodsOf(item))) {
      const before = JSON.stringify(operation.parameters)
      operation.parameters = parametersFor(document, path, [...(operation.parameters ?? []), ...inherited])
      if (operation.parameters.length === 0) delete operation.parameters
      if (JSON.stringify(operation.parameters) !== before)
        count.add(`${appendPointer('/paths', path)}/${method}`)
    }
  }
  return count
}

function parametersFor(
  document: OpenApiDocument,
  path: string,
  listed: readonly (ParameterObject | ReferenceObject)[],
): (ParameterObject | ReferenceObject)[] {
  const known = new Map<string, ParameterObject>()
  for (const entry of listed) {
    const parameter = resolve(document, entry)
    if (parameter === undefined) continue
    const name = parameter.in === 'path' ? (aliases[parameter.name] ?? parameter.name) : parameter.name
    const key = `${parameter.in} ${name}`
    // The parameters of the operation come first and override those of the path item.
    if (!known.has(key)) known.set(key, parameter.name === name ? parameter : { ...parameter, name })
  }
  const inPath = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => {
    const shared = sharedParameters.find((candidate) => candidate.name === name)
    if (shared !== undefined) return reference(document, shared.component, name)
    return known.get(`path ${name}`) ?? { name, in: 'path', required: true, schema: { type: 'string' } }
  })
  const elsewhere = [...known]
    .filter(([, parameter]) => parameter.in !== 'path')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, parameter]) => parameter)
  return [...inPath, ...elsewhere]
}

function reference(document: OpenApiDocument, component: string, name: string): ReferenceObject {
  document.components ??= {}
  document.components.parameters ??= {}
  document.components.parameters[component] = { name, in: 'path', required: true, schema: { type: 'string' } }
  return { $ref: `#/components/parameters/${component}` }
}

function resolve(
  document: OpenApiDocument,
  entry: ParameterObject | ReferenceObject,
): ParameterObject | undefined {
  // An entry without `$ref` is a parameter. The reference check proves that the target of a `$ref` is one.
  if (typeof entry['$ref'] !== 'string') return entry as ParameterObject
  return resolvePointer(document, entry['$ref']) as ParameterObject | undefined
}

function methodsOf(item: PathItemObject): Record<string, OperationObject> {
  const { get, put, post, patch, delete: remove, head, options, trace } = item
  const methods = { get, put, post, patch, delete: remove, head, options, trace }
  // The filter removes the methods that the path item does not have.
  return Object.fromEntries(
    Object.entries(methods).filter(([, operation]) => operation !== undefined),
  ) as Record<string, OperationObject>
}
