import type ts from 'typescript'
import type { TypeScript } from './hogql-literals.ts'
import type { BaseType, ParameterType } from './parameter-type.ts'

/** How a value of a TypeScript type is used in a query or a row. */
export type ValueKind =
  | 'string'
  | 'number'
  | 'bigint'
  | 'boolean'
  | 'null'
  | 'undefined'
  | 'Date'
  | 'array'
  | 'object'
  | 'any'

/** Returns the kinds of values that a type allows. `any` stands for types that accept everything. */
export function kindsOf(tsApi: TypeScript, checker: ts.TypeChecker, type: ts.Type): ReadonlySet<ValueKind> {
  if (type.isUnion()) return new Set(type.types.flatMap((part) => [...kindsOf(tsApi, checker, part)]))
  if (type.isIntersection()) {
    // A branded string is a string.
    const kinds = new Set(type.types.flatMap((part) => [...kindsOf(tsApi, checker, part)]))
    if (kinds.size > 1) kinds.delete('object')
    return kinds
  }
  const { TypeFlags } = tsApi
  const byFlag: readonly (readonly [ts.TypeFlags, ValueKind])[] = [
    [TypeFlags.StringLike, 'string'],
    [TypeFlags.NumberLike, 'number'],
    [TypeFlags.BigIntLike, 'bigint'],
    [TypeFlags.BooleanLike, 'boolean'],
    [TypeFlags.Null, 'null'],
    [TypeFlags.Undefined | TypeFlags.Void, 'undefined'],
  ]
  const known = byFlag.find(([flag]) => (type.flags & flag) !== 0)
  if (known !== undefined) return new Set([known[1]])
  if ((type.flags & TypeFlags.Object) === 0) return new Set(['any'])
  if (checker.isArrayType(type) || checker.isTupleType(type)) return new Set(['array'])
  if (type.symbol?.name === 'Date') return new Set(['Date'])
  return new Set(['object'])
}

const baseTypes: readonly (readonly [ValueKind, BaseType])[] = [
  // A union such as `string | Date` is a time.
  ['Date', 'DateTime'],
  ['string', 'String'],
  ['number', 'Integer'],
  ['bigint', 'Integer'],
  ['boolean', 'Boolean'],
]

/** The type of a parameter whose value has a TypeScript type. Undefined if it is not certain. */
export function baseTypeOfValue(
  tsApi: TypeScript,
  checker: ts.TypeChecker,
  type: ts.Type,
): ParameterType | undefined {
  const element = checker.isArrayType(type)
    ? checker.getIndexTypeOfType(type, tsApi.IndexKind.Number)
    : undefined
  const kinds = kindsOf(tsApi, checker, element ?? type)
  const base = baseTypes.find(([kind]) => kinds.has(kind))?.[1]
  return base && { base, isArray: element !== undefined, nullable: false }
}
