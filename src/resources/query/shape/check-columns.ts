import { type ColumnType, parseColumnType } from '../../../runtime/rows/decode-cell.ts'
import type { Columns } from '../../../runtime/rows/decode-rows.ts'
import { validationError } from '../../../runtime/transport/validate.ts'
import type { ColumnShape } from './row-of-columns.ts'

/**
 * Holds the columns of an answer against those that were declared. Types are the same when their cells become the same
 * in JavaScript; where PostHog tells no types, the names have to do.
 *
 * @throws ResponseValidationError that names each difference
 */
export function checkColumns(declared: ColumnShape, { names, types }: Columns, operation: string): void {
  const issues = Object.entries(declared).flatMap(([path, type]) => {
    const at = names.indexOf(path)
    if (at < 0) return [{ path, message: `is no column; there are ${names.join(', ')}` }]
    const actual = types[at]
    if (actual === undefined || accepts(parseColumnType(type), parseColumnType(actual))) return []
    return [{ path, message: `is declared ${type} and is ${actual}` }]
  })
  if (issues.length > 0) throw validationError(operation, issues)
}

/** Types whose cells are alike, each under the first of them. */
const families: readonly RegExp[] = [
  /^(?:String|FixedString|UUID|IPv[46]|Enum(?:8|16)?)$/,
  /^U?Int(?:8|16|32)$|^Float(?:32|64)$/,
  /^U?Int(?:64|128|256)$/,
  /^DateTime(?:64)?$/,
  /^Date(?:32)?$/,
  /^Decimal\d*$/,
]

function accepts(declared: ColumnType, actual: ColumnType): boolean {
  const [one, other] = [bare(declared), bare(actual)]
  if (one.name === 'Nullable') return accepts(inner(one), other.name === 'Nullable' ? inner(other) : other)
  if (one.name !== other.name) {
    return families.some((family) => family.test(one.name) && family.test(other.name))
  }
  // A tuple may be declared without its parts.
  const nested = ['Array', 'Tuple', 'Map'].includes(one.name) && one.parameters.length > 0
  return (
    !nested || (sameCount(one, other) && one.parameters.every((part, at) => accepts(part, partOf(other, at))))
  )
}

function bare(type: ColumnType): ColumnType {
  return type.name === 'LowCardinality' ? bare(inner(type)) : type
}

function inner(type: ColumnType): ColumnType {
  return partOf(type, 0)
}

function partOf({ parameters }: ColumnType, at: number): ColumnType {
  return parameters[at] ?? { name: '', parameters: [] }
}

function sameCount(one: ColumnType, other: ColumnType): boolean {
  return one.parameters.length === other.parameters.length
}
