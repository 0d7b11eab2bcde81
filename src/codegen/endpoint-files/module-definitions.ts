import type { EndpointDefinition } from '../../shared/endpoint-definition.ts'
import { isObject } from '../../shared/is-object.ts'
import type { EndpointFile } from './endpoint-file.ts'
import type { FileProblem } from './file-problem.ts'
import { parseEndpointFile } from './parse-file.ts'

/** Returns the endpoints that a module exports: values with a `definition`, as `defineEndpoint` returns them. */
export function readModuleDefinitions(
  file: string,
  exports: Readonly<Record<string, unknown>>,
): { readonly endpoints: readonly EndpointFile[]; readonly problems: readonly FileProblem[] } {
  const definitions = new Set(Object.values(exports).flatMap(definitionOf))
  const parsed = [...definitions].map((definition) =>
    parseEndpointFile(file, toYaml(definition), () => undefined),
  )
  const at = (): { readonly file: string } => ({ file })
  return {
    endpoints: parsed.flatMap(({ endpoint }) => {
      if (endpoint === undefined) return []
      return [{ file, definition: endpoint.definition, at, atQuery: at }]
    }),
    problems: parsed.flatMap(({ problems }) => problems.map((problem) => ({ ...problem, place: { file } }))),
  }
}

function definitionOf(value: unknown): EndpointDefinition[] {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function'
  if (!isHolder || !('definition' in value)) return []
  const { definition } = value
  if (!isObject(definition) || typeof definition['name'] !== 'string' || !isObject(definition['query']))
    return []
  // `parseEndpointFile` checks every field of it.
  return [definition as unknown as EndpointDefinition]
}

/** JSON is YAML: the checks of files and modules are the same. */
function toYaml({ query, ...rest }: EndpointDefinition): string {
  return JSON.stringify({ ...rest, query_definition: query })
}
