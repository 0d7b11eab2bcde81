import { HogqlError } from '../../../hogql/hogql-error.ts'
import type { Cte, Expression, Span } from '../../../hogql/parse/tree.ts'
import type { Table } from '../../../hogql/schema/table.ts'
import type { ResultColumn, Sql } from './sql.ts'

/** A table that a query reads, under its alias. */
export interface TableRef {
  /** Alias in SQL. */
  readonly alias: string
  /** A table of the schema, or the columns of a subquery. */
  readonly source: Table | readonly ResultColumn[]
  /** Tables that are joined because one of their fields is used, by name. */
  readonly joined: Map<string, { readonly ref: TableRef; readonly sql: string }>
}

/** A named query of WITH. `columns` is set once it is compiled. */
export interface NamedQuery {
  readonly name: string
  readonly columns: readonly ResultColumn[]
}

/** The names that the expressions of one SELECT can use. */
export class Scope {
  readonly parent: Scope | undefined
  /** Named queries of WITH. */
  readonly queries: Map<string, NamedQuery> = new Map()
  /** Named columns of WITH. */
  readonly columns: Map<string, Cte> = new Map()
  /** Tables by the name that a query uses for them. */
  readonly tables: Map<string, TableRef> = new Map()
  /** Values of columns with an alias, in the order of the text. */
  readonly aliases: Map<string, Sql> = new Map()
  /** Names of lambda arguments, innermost last. */
  readonly arguments: string[] = []
  /** Values of `{0}`, `{1}`, … in the template of a function. */
  template: readonly Sql[] | undefined
  /** Whether the expression is the condition of a join, where PostHog does not handle NULL. */
  inJoin = false
  /** Name of the aggregation around the expression. */
  aggregation: string | undefined
  /** Named columns that are being compiled, to find those that refer to themselves. */
  readonly open: Set<string> = new Set()

  constructor(parent?: Scope) {
    this.parent = parent
  }

  findQuery(name: string): NamedQuery | undefined {
    return this.queries.get(name) ?? this.parent?.findQuery(name)
  }

  findColumn(name: string): Cte | undefined {
    return this.columns.get(name) ?? this.parent?.findColumn(name)
  }

  /** Tables with a field of this name. */
  tablesWith(name: string): TableRef[] {
    return [...new Set(this.tables.values())].filter(({ source }) =>
      isColumns(source) ? source.some((column) => column.name === name) : Object.hasOwn(source.fields, name),
    )
  }

  /** Names of the tables of the schema that the SELECT reads. */
  tableNames(): string[] {
    return [...this.tables.values()].flatMap(({ source }) => (isColumns(source) ? [] : [source.name]))
  }

  addTable(name: string, ref: TableRef, span: Span): void {
    if (this.tables.has(name)) {
      throw new HogqlError(
        `Already have joined a table called "${name}". Can't join another one with the same name.`,
        span,
      )
    }
    this.tables.set(name, ref)
  }

  addAlias(name: string, value: Sql, span: Span): void {
    if (this.aliases.has(name)) {
      throw new HogqlError(`Cannot redefine an alias with the name: ${name}`, span)
    }
    this.aliases.set(name, value)
  }

  /** Runs `body` with the values of a template's places. */
  withTemplate<T>(values: readonly Sql[], body: () => T): T {
    const outer = this.template
    this.template = values
    try {
      return body()
    } finally {
      this.template = outer
    }
  }

  /** Runs `body` with lambda arguments in scope. */
  withArguments<T>(names: readonly string[], body: () => T): T {
    this.arguments.push(...names)
    try {
      return body()
    } finally {
      this.arguments.length -= names.length
    }
  }
}

export function isColumns(source: Table | readonly ResultColumn[]): source is readonly ResultColumn[] {
  return Array.isArray(source)
}

/** Constant text or number of an expression. */
export function constantKey(node: Expression | undefined): string | number | undefined {
  if (node?.node !== 'Constant') return undefined
  return typeof node.value === 'string' || typeof node.value === 'number' ? node.value : undefined
}
