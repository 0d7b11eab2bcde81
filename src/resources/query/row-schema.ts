import { isPlainObject, unexpected } from '../../runtime/config/check-options.ts'
import type { ValidationIssue } from '../../runtime/errors/result-errors.ts'
import { type CellOptions, type ColumnType, parseColumnType } from '../../runtime/rows/decode-cell.ts'
import type { Columns } from '../../runtime/rows/decode-rows.ts'
import {
  plainIssue,
  type SchemaIssue,
  type StandardSchema,
  validationError,
} from '../../runtime/transport/validate.ts'

/** A type of ClickHouse, as PostHog tells it in `types`. Editors offer the frequent ones. */
export type ColumnTypeName =
  | 'String'
  | 'UUID'
  | 'UInt8'
  | 'UInt32'
  | 'UInt64'
  | 'Int32'
  | 'Int64'
  | 'Float64'
  | 'Bool'
  | 'Date'
  | 'DateTime'
  | 'Nullable(String)'
  | 'Nullable(Float64)'
  | 'Array(String)'
  | (string & {})

/** What a cell of a type becomes, by the options. What is not known here is `unknown`. */
export type CellOf<
  Type extends string,
  Options extends CellOptions = Record<never, never>,
> = Type extends `Nullable(${infer Inner})`
  ? CellOf<Inner, Options> | null
  : Type extends `LowCardinality(${infer Inner})`
    ? CellOf<Inner, Options>
    : Type extends `Array(${infer Inner})`
      ? CellOf<Inner, Options>[]
      : Type extends `Map(${string}, ${infer Value})`
        ? Record<string, CellOf<Value, Options>>
        : Type extends `${'U' | ''}Int${64 | 128 | 256}`
          ? IntegerOf<OptionOf<Options, 'int64'>>
          : Type extends `Date${string}`
            ? DateOf<OptionOf<Options, 'dates'>>
            : Type extends `${'U' | ''}Int${8 | 16 | 32}` | 'Float32' | 'Float64'
              ? number
              : Type extends 'Bool'
                ? boolean
                : Type extends
                      | 'String'
                      | 'UUID'
                      | 'IPv4'
                      | 'IPv6'
                      | `${'FixedString' | 'Enum' | 'Enum8' | 'Enum16' | 'Decimal'}${string}`
                  ? string
                  : unknown

// Both distribute over unions: options that are known only by their type give every type that may come.
type IntegerOf<Setting> = Setting extends 'bigint' ? bigint : Setting extends 'string' ? string : number
type DateOf<Setting> = Setting extends 'date' ? Date : string

/** What options say of a cell; undefined when they leave it out. */
type OptionOf<Options, Name extends keyof CellOptions> = Name extends keyof Options
  ? Options[Name]
  : undefined

/** Options for cells, as changes leave them. One that is undefined changes nothing. */
export type MergedCells<Before, Changes> = {
  readonly [Name in keyof CellOptions]-?: undefined extends OptionOf<Changes, Name>
    ? Exclude<OptionOf<Changes, Name>, undefined> | OptionOf<Before, Name>
    : OptionOf<Changes, Name>
}

/** Columns by name, each with its type. */
export type ColumnShape = Readonly<Record<string, ColumnTypeName>>

/** The row of columns. Rows belong to the caller, who may change them. */
export type RowOfColumns<Columns extends ColumnShape, Options extends CellOptions = Record<never, never>> = {
  -readonly [Name in keyof Columns]: CellOf<Columns[Name], Options>
}

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

/** What rows are to be: what a schema makes of them, or columns of these types. */
export type RowShape = StandardSchema | ColumnShape

/** Whether it is a schema of a library. ArkType's are functions. */
export function isSchema(shape: unknown): shape is StandardSchema {
  if ((typeof shape !== 'object' && typeof shape !== 'function') || shape === null) return false
  const standard: unknown = Reflect.get(shape, '~standard')
  return (
    typeof standard === 'object' &&
    standard !== null &&
    typeof Reflect.get(standard, 'validate') === 'function'
  )
}

/**
 * Reads the argument of `as`.
 *
 * @throws ConfigurationError for what is neither a schema nor columns with their types
 */
export function rowShape(value: unknown): RowShape {
  if (isSchema(value)) return value
  if (!isPlainObject(value)) {
    throw unexpected('The argument of `as`', value, 'a schema, or an object of columns and their types')
  }
  for (const [name, type] of Object.entries(value)) {
    if (typeof type === 'string' && type !== '') continue
    throw unexpected(`The type of the column \`${name}\``, type, 'the name of a ClickHouse type')
  }
  // Each value was found to be a text.
  return value as ColumnShape
}

const operation = 'POST /api/projects/{project_id}/query/'
/** Issues that an error names. */
const named = 5

/**
 * Rows in a shape: what the schema makes of each, or the rows themselves when their columns are as declared.
 *
 * @throws ResponseValidationError
 */
export async function shapeRows(
  shape: RowShape,
  rows: readonly unknown[],
  columns: Columns,
): Promise<unknown[]> {
  if (isSchema(shape)) return throughSchema(shape, rows)
  checkColumns(shape, columns, operation)
  return [...rows]
}

async function throughSchema(schema: StandardSchema, rows: readonly unknown[]): Promise<unknown[]> {
  const shaped: unknown[] = []
  for (const [at, row] of rows.entries()) {
    const validated = schema['~standard'].validate(row)
    const result = validated instanceof Promise ? await validated : validated
    if (result.issues !== undefined) throw validationError(operation, placed(at, result.issues))
    shaped.push(result.value)
  }
  return shaped
}

function placed(at: number, issues: readonly SchemaIssue[]): ValidationIssue[] {
  const plain = issues.slice(0, named).map(plainIssue)
  return plain.map(({ path, message }) => ({ path: `rows.${at}${path && `.${path}`}`, message }))
}
