import type { EndpointVariableType } from '../../shared/endpoint-definition.ts'
import type { VariableType } from '../endpoints/describe-endpoint.ts'

/** An SQL variable of the project, as PostHog stores it. */
export interface ProjectVariable {
  readonly id: string
  readonly codeName: string
  /** `String`, `Number`, `Boolean`, `List` or `Date`. */
  readonly type: string
  readonly defaultValue: unknown
}

interface TypeNames {
  /** PostHog's type. Undefined when PostHog has none. */
  readonly project: string | undefined
  /** The type in generated modules. */
  readonly code: VariableType
}

const types: Readonly<Record<EndpointVariableType, TypeNames>> = {
  string: { project: 'String', code: 'string' },
  integer: { project: 'Number', code: 'number' },
  number: { project: 'Number', code: 'number' },
  boolean: { project: 'Boolean', code: 'boolean' },
  date: { project: 'Date', code: 'date' },
  array: { project: 'List', code: 'string[]' },
  object: { project: undefined, code: 'unknown' },
}

/** The types of variables in endpoint files. */
export const variableTypes: readonly EndpointVariableType[] = Object.keys(types).filter(isVariableType)

/** Whether a value is the name of a type in endpoint files. */
export function isVariableType(value: unknown): value is EndpointVariableType {
  return typeof value === 'string' && Object.hasOwn(types, value)
}

/** Returns PostHog's type of a variable; undefined for `object`, which PostHog does not have. */
export function projectType(type: EndpointVariableType): string | undefined {
  return types[type].project
}

/** Returns the type of a variable in generated modules. A variable of the project has the project's type. */
export function codeType(type: EndpointVariableType, existing: ProjectVariable | undefined): VariableType {
  return types[existing === undefined ? type : fileType(existing.type, type)].code
}

/**
 * Whether a file may call a variable of the project by this type. PostHog's CLI writes `string` for dates, whose values
 * are text.
 */
export function isCompatible(type: EndpointVariableType, { type: existing }: ProjectVariable): boolean {
  return projectType(type) === existing || (type === 'string' && existing === 'Date')
}

/** Returns the type in endpoint files of a variable of the project. */
export function fileType(project: string, fallback: EndpointVariableType = 'string'): EndpointVariableType {
  if (project === 'Number') return 'number'
  return variableTypes.find((type) => types[type].project === project) ?? fallback
}

/** Guesses a type from a default value, as PostHog's CLI does. */
export function guessType(value: unknown): EndpointVariableType {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'object' && value !== null ? 'object' : 'string'
}

/** Whether a value can be the default of a variable. Null is no default. */
export function fitsType(type: EndpointVariableType, value: unknown): boolean {
  if (value === undefined || value === null) return true
  switch (type) {
    case 'string':
    case 'date':
      return typeof value === 'string'
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && !Array.isArray(value)
  }
}
