import { member } from '../http/json.ts'
import type { VersionRecord } from '../resources/endpoints/endpoint-store.ts'
import { variablesSchema } from '../resources/endpoints/openapi-document.ts'
import { insightVariables } from '../resources/variables/insight-variable.ts'
import type { ServerState } from '../server-state.ts'

/** A variable of an endpoint as a form field. */
export interface VariableField {
  readonly name: string
  readonly type: 'text' | 'number' | 'boolean' | 'list' | 'date'
  readonly required: boolean
  /** The value that the field starts with: the stored default, or a recent date. */
  readonly initial: unknown
  /** An example, for a field without a value. */
  readonly example: string
}

const DAY_MS = 86_400_000

/** The variables of a version, with the types and requirements of its OpenAPI document. */
export function variableFields(state: ServerState, version: VersionRecord): readonly VariableField[] {
  const schema = variablesSchema(version, insightVariables(state))
  const required = member(schema, 'required')
  return Object.entries(Object(member(schema, 'properties'))).map(([name, property]) => {
    const type = fieldType(member(property, 'type'), member(property, 'format'))
    const example = member(property, 'example')
    // The examples of HogQL variables are their defaults.
    const initial = version.query.kind === 'HogQLQuery' ? example : undefined
    return {
      name,
      type,
      required: Array.isArray(required) && required.includes(name),
      initial: initial ?? (type === 'date' ? daysBefore(state.startedAt, 30) : undefined),
      example: example === undefined ? '' : String(example),
    }
  })
}

/** The values that a form starts with, in the types of the request. */
export function initialVariables(fields: readonly VariableField[]): Readonly<Record<string, unknown>> {
  const given = fields.filter(({ initial }) => initial !== undefined)
  return Object.fromEntries(
    given.map(({ name, type, initial }) => [name, type === 'number' ? Number(initial) : initial]),
  )
}

function fieldType(type: unknown, format: unknown): VariableField['type'] {
  if (type === 'number' || type === 'boolean') return type
  if (type === 'array') return 'list'
  return format === 'date' ? 'date' : 'text'
}

function daysBefore(date: Date, days: number): string {
  return new Date(date.getTime() - days * DAY_MS).toISOString().slice(0, 10)
}
