/** Types of a single value. */
const baseTypes = ['String', 'Integer', 'Float', 'Boolean', 'Date', 'DateTime', 'UUID'] as const

/** The type of a single value. */
export type BaseType = (typeof baseTypes)[number]

/** The type of a query parameter. */
export interface ParameterType {
  readonly base: BaseType
  readonly isArray: boolean
  readonly nullable: boolean
}

const shortNames: Readonly<Record<string, BaseType>> = { int: 'Integer', bool: 'Boolean' }

/** The types that `-- @param` accepts, for messages. */
export const parameterTypeNames: string = `${baseTypes.join(', ')}, Array(…), and a final ? for a value that may be null`

/** Parses a type such as `DateTime`, `Array(String)` or `Integer?`. Undefined for any other text. */
export function parseParameterType(text: string): ParameterType | undefined {
  const match = /^(?:Array\(\s*(\w+)\s*\)|(\w+))(\?)?$/i.exec(text)
  if (match === null) return undefined
  const [, element, single, optional] = match
  const base = baseTypeOf(element ?? single ?? '')
  return base && { base, isArray: element !== undefined, nullable: optional !== undefined }
}

function baseTypeOf(name: string): BaseType | undefined {
  const lower = name.toLowerCase()
  return Object.hasOwn(shortNames, lower)
    ? shortNames[lower]
    : baseTypes.find((base) => base.toLowerCase() === lower)
}

/** Renders a type as `-- @param` spells it. */
export function formatParameterType({ base, isArray, nullable }: ParameterType): string {
  return `${isArray ? `Array(${base})` : base}${nullable ? '?' : ''}`
}

const typescriptTypes: Readonly<Record<BaseType, string>> = {
  String: 'string',
  Integer: 'number | bigint',
  Float: 'number',
  Boolean: 'boolean',
  Date: 'Date | string',
  DateTime: 'Date | string',
  UUID: 'string',
}

/** The TypeScript type of a parameter's value. */
export function typescriptTypeOf({ base, isArray, nullable }: ParameterType): string {
  const single = typescriptTypes[base]
  const type = isArray ? `readonly ${single.includes('|') ? `(${single})` : single}[]` : single
  return nullable ? `${type} | null` : type
}

/** A value as JSON in the request body. */
export type SampleValue = string | number | boolean

const samples: Readonly<Record<BaseType, SampleValue>> = {
  String: '',
  Integer: 1,
  Float: 1.5,
  Boolean: true,
  Date: '2026-01-01',
  DateTime: '2026-01-01T00:00:00.000Z',
  UUID: '00000000-0000-0000-0000-000000000000',
}

/** A value of a type, and the query text that stands for it. */
export interface Sample {
  readonly value: SampleValue | readonly SampleValue[]
  readonly text: string
}

/** Returns a sample value of a type, bound as `{name}`, with the conversion that a `Date` gets from `hogql`. */
export function sampleOf({ base, isArray, nullable }: ParameterType, name: string): Sample {
  const value = samples[base]
  const single = base === 'DateTime' ? `toDateTime({${name}})` : `{${name}}`
  if (isArray) return base === 'DateTime' ? { value, text: `[${single}]` } : { value: [value], text: single }
  // The columns that a null reaches are nullable.
  return { value, text: nullable ? `toNullable(${single})` : single }
}
