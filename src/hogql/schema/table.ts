/**
 * Types of HogQL values. `Json` is JSON text whose keys can be read by name, such as `properties`.
 * `Unknown` means that only the engine knows the type.
 */
export type HogqlType =
  | 'String'
  | 'Integer'
  | 'Float'
  | 'Decimal'
  | 'Boolean'
  | 'Date'
  | 'DateTime'
  | 'UUID'
  | 'Json'
  | 'Array(String)'
  | 'Array(Float64)'
  | 'Map(String, String)'
  | 'Unknown'

/** What a name in a table stands for. */
export type Field =
  | {
      /** A column with values of its own. */
      readonly kind: 'column'
      readonly type: HogqlType
      readonly nullable?: true
      /** Name in the source of the table. Default: the name of the field. */
      readonly column?: string
      /** Whether `*` leaves the column out. */
      readonly hidden?: true
    }
  | {
      /** A value computed from other fields of the same table, written in HogQL. */
      readonly kind: 'expression'
      readonly hogql: string
      readonly hidden?: true
    }
  | {
      /** Another name for a field of the same table, which may lie behind a join: `['pdi', 'person']`. */
      readonly kind: 'alias'
      readonly path: readonly string[]
    }
  | {
      /** A table that PostHog joins when one of its fields is used. */
      readonly kind: 'join'
      readonly table: string
      /** Fields that must be equal: of this table, then of the joined table. */
      readonly on: readonly [from: readonly string[], to: readonly string[]]
    }
  | {
      /** A group of fields that are stored in this table, such as `poe` of events. */
      readonly kind: 'group'
      readonly fields: Readonly<Record<string, Field>>
    }

/** Where the rows of a table come from. */
export type Source =
  /** A table of the embedded ClickHouse. */
  | { readonly kind: 'engine'; readonly table: string }
  /** A HogQL query over other tables. */
  | { readonly kind: 'query'; readonly hogql: string }
  /** Records of the local PostHog. The value names the reader that the caller of the compiler passes. */
  | { readonly kind: 'records'; readonly name: string }
  /** A table function of ClickHouse, such as `numbers`. */
  | { readonly kind: 'function'; readonly min: number; readonly max: number }

/** A table of HogQL. */
export interface Table {
  readonly name: string
  /** Fields in the order of `*`. */
  readonly fields: Readonly<Record<string, Field>>
  readonly source: Source
}
