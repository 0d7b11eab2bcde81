import type { HogqlType } from '../../../hogql/schema/table.ts'

/** What has properties with definitions. */
export type PropertyOwner = 'event' | 'person' | 'group' | 'session'

/** ClickHouse SQL with the type of its value. */
export interface Sql {
  readonly sql: string
  readonly type: HogqlType
  /** Whether the value may be NULL. */
  readonly nullable: boolean
  /** Set when the value was read from JSON: the column and the keys, so that further keys extend the path. */
  readonly json?: JsonPath
  readonly isConstant?: true
}

export interface JsonPath {
  readonly column: string
  readonly path: readonly (string | number)[]
  readonly owner: PropertyOwner | undefined
}

/** A column of a query's result. */
export interface ResultColumn {
  readonly name: string
  readonly type: HogqlType
  readonly nullable: boolean
}
