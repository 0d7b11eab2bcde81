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

/** A ClickHouse type, as PostHog reports it in `types`. Editors complete the common ones. */
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

/** The TypeScript type of a cell of a ClickHouse type. An unlisted type is `unknown`. */
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

// Both distribute over unions, so that options of a union type give a union of cell types.
type IntegerOf<Setting> = Setting extends 'bigint' ? bigint : Setting extends 'string' ? string : number
type DateOf<Setting> = Setting extends 'date' ? Date : string

/** The value of an option; undefined if it is omitted. */
type OptionOf<Options, Name extends keyof CellOptions> = Name extends keyof Options
  ? Options[Name]
  : undefined

/** Cell options after overrides. An undefined override changes nothing. */
export type MergedCells<Before, Changes> = {
  readonly [Name in keyof CellOptions]-?: undefined extends OptionOf<Changes, Name>
    ? Exclude<OptionOf<Changes, Name>, undefined> | OptionOf<Before, Name>
    : OptionOf<Changes, Name>
}

/** Columns by name, each with its type. */
export type ColumnShape = Readonly<Record<string, ColumnTypeName>>

/** The row type of columns. Rows are mutable. */
export type RowOfColumns<Columns extends ColumnShape, Options extends CellOptions = Record<never, never>> = {
  -readonly [Name in keyof Columns]: CellOf<Columns[Name], Options>
}

/**
 * Validates the columns of a response. Types match if their cells have the same JavaScript type. If PostHog reports no
 * types, only the names are compared.
 *
 * @throws ResponseValidationError naming each difference
 */
function checkColumns(declared: ColumnShape, { names, types }: Columns, operation: string): void {
  const issues = Object.entries(declared).flatMap(([path, type]) => {
    const at = names.indexOf(path)
    if (at < 0) return [{ path, message: `is not a column of the query. Columns: ${names.join(', ')}` }]
    const actual = types[at]
    if (actual === undefined || accepts(parseColumnType(type), parseColumnType(actual))) return []
    return [{ path, message: `is declared as ${type} but has the type ${actual}` }]
  })
  if (issues.length > 0) throw validationError(operation, issues)
}

/** Groups of ClickHouse types whose cells have the same JavaScript type. */
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
  // A declared tuple may omit its element types.
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

/** The expected shape of rows: a schema, or columns with their types. */
export type RowShape = StandardSchema | ColumnShape

/** Whether a value is a Standard Schema. ArkType's schemas are functions. */
function isSchema(shape: unknown): shape is StandardSchema {
  if ((typeof shape !== 'object' && typeof shape !== 'function') || shape === null) return false
  const standard: unknown = Reflect.get(shape, '~standard')
  return (
    typeof standard === 'object' &&
    standard !== null &&
    typeof Reflect.get(standard, 'validate') === 'function'
  )
}

/**
 * Validates the argument of `as`.
 *
 * @throws ConfigurationError unless it is a schema, or columns with their types
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
  // Each value is a string, as checked above.
  return value as ColumnShape
}

const operation = 'POST /api/projects/{project_id}/query/'
/** Maximum number of issues in an error. */
const maxIssues = 5

/**
 * Validates rows. Returns the output of the schema for each row, or the rows if their columns match.
 *
 * @throws ResponseValidationError
 */
export async function shapeRows(
  shape: RowShape,
  rows: readonly unknown[],
  columns: Columns,
): Promise<unknown[]> {
  if (isSchema(shape)) return parseRows(shape, rows)
  checkColumns(shape, columns, operation)
  return [...rows]
}

async function parseRows(schema: StandardSchema, rows: readonly unknown[]): Promise<unknown[]> {
  const parsed: unknown[] = []
  for (const [at, row] of rows.entries()) {
    const validated = schema['~standard'].validate(row)
    const result = validated instanceof Promise ? await validated : validated
    if (result.issues !== undefined) throw validationError(operation, rowIssues(at, result.issues))
    parsed.push(result.value)
  }
  return parsed
}

function rowIssues(at: number, issues: readonly SchemaIssue[]): ValidationIssue[] {
  const plain = issues.slice(0, maxIssues).map(plainIssue)
  return plain.map(({ path, message }) => ({ path: `rows.${at}${path && `.${path}`}`, message }))
}
