import type { Expression, Query } from '../../../hogql/parse/tree.ts'
import type { Table } from '../../../hogql/schema/table.ts'
import type { Scope } from './scope.ts'
import type { PropertyOwner, ResultColumn, Sql } from './sql.ts'

/** What a placeholder stands for: a value, or HogQL with values of its own. */
export type Expansion =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'hogql'; readonly text: string; readonly values: ReadonlyMap<string, unknown> }

/** What the compiler needs to know about the project. */
export interface CompileOptions {
  /** Full ClickHouse name of a table of the engine. */
  readonly tableName: (table: string) => string
  /**
   * What a placeholder such as `variables.country` stands for. Undefined: it has no value. `tables` are the tables that
   * the SELECT around the placeholder reads.
   */
  readonly placeholder: (path: readonly string[], tables: readonly string[]) => Expansion | undefined
  /** `Numeric`, `Boolean` or `DateTime` by the definition of a property. Any other value reads it as text. */
  readonly propertyType: (owner: PropertyOwner, name: string) => string | null | undefined
  /** Ids of the persons of a cohort, by id or name. Undefined: there is no such cohort. */
  readonly cohort: (key: number | string) => readonly string[] | undefined
  /** Condition of an action, by id or name. Undefined: there is no such action. */
  readonly action: (key: number | string) => Expansion | undefined
  readonly projectId: number
  readonly now: Date
  /** Time zone of the project, such as `Europe/Berlin`. */
  readonly timeZone: string
  /** First day of the week of the project. */
  readonly weekStart: 'sunday' | 'monday'
  /** Whether times are read in the time zone of the project. */
  readonly convertTimeZone: boolean
}

export interface QuerySql {
  readonly sql: string
  readonly columns: readonly ResultColumn[]
}

/** The parts of the compiler that refer to each other in both directions. */
export interface Compiler {
  readonly options: CompileOptions
  /** Names of the record tables that the query reads. */
  readonly records: Map<string, Table>
  /** The same compiler with other options. */
  with(options: CompileOptions): Compiler
  expression(node: Expression, scope: Scope): Sql
  /** Compiles a query below another one, or the first one when `parent` is undefined. */
  query(node: Query, parent: Scope | undefined, form?: QueryForm): QuerySql
}

export interface QueryForm {
  /** Whether result columns get their labels as aliases, so that the query around can name them. */
  readonly aliased: boolean
  /** Leaves LIMIT and OFFSET out, for the caller to add. */
  readonly openLimit?: true
  /** Row limit of each SELECT without LIMIT. */
  readonly defaultLimit?: number
}
