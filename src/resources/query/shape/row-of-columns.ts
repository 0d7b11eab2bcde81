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
