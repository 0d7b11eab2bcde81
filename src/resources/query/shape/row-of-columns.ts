import type { CellOptions } from '../../../runtime/rows/decode-cell.ts'

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
        : Type extends 'Int64' | 'UInt64'
          ? Int64Of<Options>
          : Type extends `Date${string}`
            ? Options extends { readonly dates: 'date' }
              ? Date
              : string
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

type Int64Of<Options> = Options extends { readonly int64: 'bigint' }
  ? bigint
  : Options extends { readonly int64: 'string' }
    ? string
    : number

/** Columns by name, each with its type. */
export type ColumnShape = Readonly<Record<string, ColumnTypeName>>

/** The row of columns. */
export type RowOfColumns<Columns extends ColumnShape, Options extends CellOptions = Record<never, never>> = {
  [Name in keyof Columns]: CellOf<Columns[Name], Options>
}
