import { parseHogqlExpression } from '../../hogql/parse/parse.ts'
import type { Cte, Expression, Join, Query, Select } from '../../hogql/parse/tree.ts'
import { findTable } from '../../hogql/schema/find-table.ts'
import type { HogqlType, Field as TableField } from '../../hogql/schema/table.ts'
import type { BaseType } from './parameter-type.ts'

/** Looks up a column by the rest of its name. `undefined`: there is none; `unknown`: its type is not certain. */
type ColumnLookup = (path: readonly string[]) => BaseType | 'unknown' | undefined

/** The names that the expressions of a SELECT see. */
export interface QueryScope {
  readonly tables: readonly { readonly name: string | undefined; readonly lookup: ColumnLookup }[]
  /** Expressions of the SELECT list and of WITH, by alias. */
  readonly aliases: ReadonlyMap<string, Expression>
  /** Queries of WITH, in this SELECT and around it. */
  readonly ctes: ReadonlyMap<string, Query>
}

const noScope: QueryScope = { tables: [], aliases: new Map(), ctes: new Map() }
const unknownTable: ColumnLookup = () => 'unknown'

/** Creates the scope of a SELECT from the queries of WITH around it. */
export function scopeOf(select: Select, outer: ReadonlyMap<string, Query>): QueryScope {
  const ctes = addCtes(outer, select.ctes)
  const columns = (select.ctes ?? []).filter(({ kind }) => kind === 'column')
  const aliases = new Map<string, Expression>([
    ...columns.map(({ name, expr }) => [name, expr] as const),
    ...select.select.flatMap((item) => (item.node === 'Alias' ? [[item.alias, item.expr] as const] : [])),
  ])
  const tables: QueryScope['tables'][number][] = []
  for (let join = select.from; join !== undefined; join = join.next) tables.push(tableOf(join, ctes))
  // ARRAY JOIN adds names of its own.
  if (select.arrayJoin !== undefined) tables.push({ name: undefined, lookup: unknownTable })
  return { tables, aliases, ctes }
}

/** Adds the queries of a WITH clause. */
export function addCtes(
  outer: ReadonlyMap<string, Query>,
  ctes: readonly Cte[] = [],
): ReadonlyMap<string, Query> {
  const queries = ctes.flatMap(({ name, kind, expr, columns, recursive }) => {
    const isQuery = expr.node === 'SelectQuery' || expr.node === 'SelectSetQuery'
    // Renamed columns and recursion are not resolved.
    const query: Query = { node: 'Placeholder', expr, start: expr.start, end: expr.end }
    if (kind !== 'subquery') return []
    return [[name, isQuery && columns === undefined && !recursive ? expr : query] as const]
  })
  return new Map([...outer, ...queries])
}

function tableOf(join: Join, ctes: ReadonlyMap<string, Query>): QueryScope['tables'][number] {
  const { table, alias, columnAliases } = join
  const name = alias ?? (table.node === 'Field' ? table.chain.at(-1) : undefined)
  if (columnAliases !== undefined) return { name, lookup: unknownTable }
  if (table.node === 'SelectQuery' || table.node === 'SelectSetQuery') {
    return { name, lookup: columnsOfQuery(table, ctes) }
  }
  if (table.node !== 'Field') return { name, lookup: unknownTable }
  const [first = ''] = table.chain
  const cte = table.chain.length === 1 ? ctes.get(first) : undefined
  if (cte !== undefined) {
    const others = new Map([...ctes].filter(([other]) => other !== first))
    return { name, lookup: columnsOfQuery(cte, others) }
  }
  const fields = findTable(table.chain.join('.'))?.fields
  return { name, lookup: fields === undefined ? unknownTable : (path) => typeOfField(fields, path, fields) }
}

/** Columns of a subquery: those with an alias, and plain names. */
function columnsOfQuery(query: Query, ctes: ReadonlyMap<string, Query>): ColumnLookup {
  if (query.node === 'SelectSetQuery') return columnsOfQuery(query.first, addCtes(ctes, query.ctes))
  if (query.node !== 'SelectQuery') return unknownTable
  const scope = scopeOf(query, ctes)
  return ([name, ...rest]) => {
    for (const item of query.select) {
      if (item.node === 'ColumnsExpr') return 'unknown'
      if (item.node === 'Field' && item.chain.at(-1) === '*') return 'unknown'
      const isNamed =
        item.node === 'Alias' ? item.alias === name : item.node === 'Field' && item.chain.at(-1) === name
      if (!isNamed) continue
      const expression = item.node === 'Alias' ? item.expr : item
      return rest.length > 0 ? 'unknown' : (typeOfExpression(expression, scope) ?? 'unknown')
    }
    return undefined
  }
}

const baseTypes: Readonly<Partial<Record<HogqlType, BaseType>>> = {
  String: 'String',
  Integer: 'Integer',
  Float: 'Float',
  Decimal: 'Float',
  Boolean: 'Boolean',
  Date: 'Date',
  DateTime: 'DateTime',
  UUID: 'UUID',
}

type Fields = Readonly<Record<string, TableField>>

function typeOfField(
  fields: Fields,
  [name = '', ...rest]: readonly string[],
  table: Fields,
): BaseType | 'unknown' | undefined {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (field === undefined) return undefined
  switch (field.kind) {
    case 'column':
      return (rest.length === 0 ? baseTypes[field.type] : undefined) ?? 'unknown'
    case 'expression': {
      const lookup: ColumnLookup = (path) => typeOfField(table, path, table)
      const scope = { ...noScope, tables: [{ name: undefined, lookup }] }
      return rest.length > 0
        ? 'unknown'
        : (typeOfExpression(parseHogqlExpression(field.hogql), scope) ?? 'unknown')
    }
    case 'alias':
      return typeOfField(table, [...field.path, ...rest], table)
    case 'join': {
      const joined = findTable(field.table)?.fields
      return joined === undefined || rest.length === 0 ? 'unknown' : typeOfField(joined, rest, joined)
    }
    case 'group':
      return rest.length === 0 ? 'unknown' : typeOfField(field.fields, rest, table)
  }
}

/** Functions with one result type, whatever their arguments are. */
const functions: ReadonlyMap<string, BaseType> = new Map(
  Object.entries({
    Integer: 'count countif uniq uniqif uniqexact uniqexactif length datediff toint touint',
    Float: 'tofloat avg',
    String: 'tostring lower upper concat trim substring formatdatetime',
    DateTime: 'now todatetime tostartofhour tostartofminute tostartoffiveminutes tostartoftenminutes',
    Date: 'today yesterday todate',
    // An entry of `Object.entries` loses the literal type of its key.
  }).flatMap(([type, names]) => names.split(' ').map((name) => [name, type as BaseType] as const)),
)

/** The type of an expression, where it is certain. */
export function typeOfExpression(expression: Expression, scope: QueryScope): BaseType | undefined {
  switch (expression.node) {
    case 'Constant':
      return typeOfConstant(expression.value)
    case 'Call':
      if (/^(?:min|max|any|anyLast)$/.test(expression.name)) {
        const [argument] = expression.args
        return argument && typeOfExpression(argument, scope)
      }
      return functions.get(expression.name.toLowerCase())
    case 'Alias':
      return typeOfExpression(expression.expr, scope)
    case 'Field':
      return typeOfName(expression.chain, scope)
    default:
      return undefined
  }
}

function typeOfConstant(value: string | number | boolean | null): BaseType | undefined {
  if (typeof value === 'string') return 'String'
  if (typeof value === 'boolean') return 'Boolean'
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Float'
  return undefined
}

function typeOfName(chain: readonly string[], scope: QueryScope): BaseType | undefined {
  const [first = '', ...rest] = chain
  const qualified = rest.length === 0 ? undefined : scope.tables.find(({ name }) => name === first)
  if (qualified !== undefined) return certain([qualified.lookup(rest)])
  const found = scope.tables.map(({ lookup }) => lookup(chain))
  const alias = rest.length === 0 ? scope.aliases.get(first) : undefined
  if (alias === undefined) return certain(found)
  // An alias may refer to a column of its own name, which has the type of the column then.
  const others = new Map([...scope.aliases].filter(([name]) => name !== first))
  return certain([...found, typeOfExpression(alias, { ...scope, aliases: others }) ?? 'unknown'])
}

/** The only type among the results of several tables. */
function certain(types: readonly (BaseType | 'unknown' | undefined)[]): BaseType | undefined {
  const found = new Set(types.filter((type) => type !== undefined))
  const [type] = found
  return found.size === 1 && type !== 'unknown' ? type : undefined
}
