import type { OpenApiDocument, ParameterObject, ReferenceObject } from '../schema/document.ts'
import { operationsOf } from '../schema/walk/operations.ts'
import { schemasReferencedIn } from './references.ts'

/** Path parameters that the client fills in from its configuration. */
const filledIn: ReadonlySet<string> = new Set(['project_id', 'organization_id'])

/**
 * The document as the generator should see it, as opposed to what is true of the API:
 * - `project_id` and `organization_id` may be left out, since the client knows them, and may be numbers;
 * - components that no operation reaches are gone.
 */
export function generationView(source: OpenApiDocument): OpenApiDocument {
  const document = structuredClone(source)
  const schemas = document.components?.schemas ?? {}
  const reached = new Set<string>()

  const reach = (from: unknown): void => {
    for (const name of schemasReferencedIn(from)) {
      if (reached.has(name)) continue
      reached.add(name)
      reach(schemas[name])
    }
  }

  for (const parameter of Object.values(document.components?.parameters ?? {})) fillIn(parameter)
  for (const { operation } of operationsOf(document)) {
    for (const parameter of operation.parameters ?? []) if (isParameter(parameter)) fillIn(parameter)
    reach(operation)
  }
  for (const name of Object.keys(schemas)) if (!reached.has(name)) delete schemas[name]
  return document
}

function fillIn(parameter: ParameterObject): void {
  if (parameter.in !== 'path' || !filledIn.has(parameter.name)) return
  parameter.required = false
  parameter.schema = { type: ['string', 'number'] }
}

const isParameter = (candidate: ParameterObject | ReferenceObject): candidate is ParameterObject =>
  'in' in candidate
