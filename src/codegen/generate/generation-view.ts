import {
  type OpenApiDocument,
  operationsOf,
  type ParameterObject,
  type ReferenceObject,
} from '../schema/document.ts'
import { schemasReferencedIn } from '../schema/walk/references.ts'

/** Path parameters that the client knows from its configuration. */
const clientParameters: ReadonlySet<string> = new Set(['project_id', 'organization_id'])

/**
 * Prepares a copy of the document for the generator. It differs from the API in two ways:
 * - `project_id` and `organization_id` are optional, because the client knows them, and may be numbers;
 * - components that no operation references are removed.
 */
export function generationView(source: OpenApiDocument): OpenApiDocument {
  const document = structuredClone(source)
  const schemas = document.components?.schemas ?? {}
  const reachable = new Set<string>()

  const visit = (from: unknown): void => {
    for (const name of schemasReferencedIn(from)) {
      if (reachable.has(name)) continue
      reachable.add(name)
      visit(schemas[name])
    }
  }

  for (const parameter of Object.values(document.components?.parameters ?? {})) makeOptional(parameter)
  for (const { operation } of operationsOf(document)) {
    for (const parameter of operation.parameters ?? []) if (isParameter(parameter)) makeOptional(parameter)
    visit(operation)
  }
  for (const name of Object.keys(schemas)) if (!reachable.has(name)) delete schemas[name]
  return document
}

function makeOptional(parameter: ParameterObject): void {
  if (parameter.in !== 'path' || !clientParameters.has(parameter.name)) return
  parameter.required = false
  parameter.schema = { type: ['string', 'number'] }
}

const isParameter = (candidate: ParameterObject | ReferenceObject): candidate is ParameterObject =>
  'in' in candidate
