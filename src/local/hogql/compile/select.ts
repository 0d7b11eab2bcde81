import { HogqlError } from '../../../hogql/hogql-error.ts'
import type { Cte, Expression, Order, Query, Select, SelectSet } from '../../../hogql/parse/tree.ts'
import { quotedName } from '../../engine/sql-values.ts'
import { expandColumns } from './columns.ts'
import type { Compiler, QueryForm, QuerySql } from './context.ts'
import { windowSql } from './expressions.ts'
import { compileFrom, renamed } from './from.ts'
import { columnLabel } from './label.ts'
import { placeholderQuery } from './placeholders.ts'
import { Scope } from './scope.ts'
import type { ResultColumn } from './sql.ts'

/** Compiles a query: SELECT, a set of them, or what a placeholder stands for. */
export function compileQuery(
  compiler: Compiler,
  node: Query,
  parent: Scope | undefined,
  form: QueryForm = { aliased: false },
): QuerySql {
  if (node.node === 'Placeholder') {
    const { query, compiler: inner } = placeholderQuery(compiler, node)
    return inner.query(query, parent, form)
  }
  return node.node === 'SelectQuery'
    ? compileSelect(compiler, node, parent, form)
    : compileSet(compiler, node, parent, form)
}

function compileSelect(
  compiler: Compiler,
  node: Select,
  parent: Scope | undefined,
  form: QueryForm,
): QuerySql {
  const scope = new Scope(parent)
  const ctes = compileCtes(compiler, node.ctes, scope)
  const compile = (item: Expression): string => compiler.expression(item, scope).sql
  const clause = (keyword: string, item: Expression | undefined): string =>
    item === undefined ? '' : ` ${keyword} ${compile(item)}`
  const from = compileFrom(compiler, node.from, scope)
  const arrayJoin =
    node.arrayJoin === undefined
      ? ''
      : ` ${node.arrayJoin.kind} ${node.arrayJoin.exprs.map(compile).join(', ')}`
  const { items, columns } = compileItems(compiler, expandColumns(node.select, scope), scope, form.aliased)
  const body = [
    clause('PREWHERE', node.prewhere),
    clause('WHERE', node.where),
    groupBySql(node, compile),
    clause('HAVING', node.having),
    windowsSql(compiler, node, scope),
    clause('QUALIFY', node.qualify),
    ordersSql(node.orderBy, compile),
    limitBySql(node, compile),
    limitsSql(node, compile, form),
  ].join('')
  const head = `${ctes}SELECT ${node.distinct ? 'DISTINCT ' : ''}${items.join(', ')}`
  return { sql: `${head}${from()}${arrayJoin}${body}`, columns }
}

function compileItems(
  compiler: Compiler,
  nodes: readonly Expression[],
  scope: Scope,
  aliased: boolean,
): { items: string[]; columns: ResultColumn[] } {
  const items: string[] = []
  const columns: ResultColumn[] = []
  const taken = new Set(nodes.flatMap((node) => (node.node === 'Alias' ? [node.alias] : [])))
  for (const node of nodes) {
    const { sql, type, nullable } = compiler.expression(node, scope)
    const name = columnLabel(node)
    const needsAlias = aliased && node.node !== 'Alias' && !taken.has(name)
    if (needsAlias) taken.add(name)
    items.push(needsAlias ? `${sql} AS ${quotedName(name)}` : sql)
    columns.push({ name, type, nullable })
  }
  return { items, columns }
}

function groupBySql({ groupBy, groupByMode }: Select, compile: (item: Expression) => string): string {
  if (groupByMode === 'all') return ' GROUP BY ALL'
  if (groupBy === undefined) return ''
  const list = (items: readonly Expression[]): string => items.map(compile).join(', ')
  if (groupByMode === 'grouping_sets') {
    const sets = groupBy.map((set) => `(${list(Array.isArray(set) ? set : [set])})`)
    return ` GROUP BY GROUPING SETS (${sets.join(', ')})`
  }
  const items = groupBy.flat()
  if (groupByMode !== undefined) return ` GROUP BY ${groupByMode.toUpperCase()}(${list(items)})`
  return ` GROUP BY ${list(items)}`
}

function windowsSql(compiler: Compiler, { windows }: Select, scope: Scope): string {
  if (windows === undefined) return ''
  const list = Object.entries(windows).map(
    ([name, window]) => `${quotedName(name)} AS (${windowSql(compiler, window, scope)})`,
  )
  return ` WINDOW ${list.join(', ')}`
}

function ordersSql(orders: readonly Order[] | undefined, compile: (item: Expression) => string): string {
  if (orders === undefined) return ''
  const list = orders.map(({ expr, descending, fill }) => {
    const direction = descending ? 'DESC' : 'ASC'
    if (fill === undefined) return `${compile(expr)} ${direction}`
    const bound = (keyword: string, item: Expression | undefined): string =>
      item === undefined ? '' : ` ${keyword} ${compile(item)}`
    return `${compile(expr)} ${direction} WITH FILL${bound('FROM', fill.from)}${bound('TO', fill.to)}${bound('STEP', fill.step)}`
  })
  return ` ORDER BY ${list.join(', ')}`
}

function limitBySql({ limitBy }: Select, compile: (item: Expression) => string): string {
  if (limitBy === undefined) return ''
  const { count, offset, exprs } = limitBy
  const skip = offset === undefined ? '' : ` OFFSET ${compile(offset)}`
  return ` LIMIT ${compile(count)}${skip} BY ${exprs.map(compile).join(', ')}`
}

function limitsSql(
  node: Pick<Select, 'limit' | 'limitPercent' | 'offset' | 'withTies'>,
  compile: (item: Expression) => string,
  form: QueryForm,
): string {
  if (form.openLimit === true) return ''
  const { limit, offset } = node
  const fallback = form.defaultLimit === undefined ? '' : ` LIMIT ${form.defaultLimit}`
  const rows =
    limit === undefined
      ? fallback
      : ` LIMIT ${node.limitPercent === true ? `divide(${compile(limit)}, 100)` : compile(limit)}`
  const skip = offset === undefined ? '' : ` OFFSET ${compile(offset)}`
  return `${rows}${skip}${node.withTies === true ? ' WITH TIES' : ''}`
}

function compileSet(
  compiler: Compiler,
  node: SelectSet,
  parent: Scope | undefined,
  form: QueryForm,
): QuerySql {
  const scope = new Scope(parent)
  // The named queries of the first query are those of all. Source: PostHog/posthog posthog/hogql/resolver.py.
  const { query: leading, ctes: shared } = withoutCtes(node.first)
  const ctes = compileCtes(compiler, [...(node.ctes ?? []), ...shared], scope)
  const { openLimit: _, ...inner } = form
  // The default limit is one of each query, not of the set. Source: PostHog/posthog posthog/hogql/query.py.
  const { defaultLimit: __, ...whole } = form
  const first = compiler.query(leading, scope, inner)
  const parts = [enclosed(leading, first.sql)]
  for (const { operator, query } of node.rest) {
    if (operator.endsWith('BY NAME')) throw new HogqlError(`${operator} is not supported`, query)
    const next = compiler.query(query, scope, { ...inner, aliased: false })
    if (next.columns.length !== first.columns.length) {
      throw new HogqlError('All queries of a set must have the same number of columns', query)
    }
    parts.push(operator, enclosed(query, next.sql))
  }
  // The names of the first query are the columns that ORDER BY can use.
  const outer = new Scope(scope)
  outer.tables.set('', { alias: 'set', source: first.columns, joined: new Map() })
  const compile = (item: Expression): string => compiler.expression(item, outer).sql
  const tail = `${ordersSql(node.orderBy, compile)}${limitsSql(node, compile, whole)}`
  const set = parts.join(' ')
  if (tail === '' && ctes === '') return { sql: set, columns: first.columns }
  const names =
    form.aliased || node.orderBy !== undefined
      ? renamed({ sql: set, columns: first.columns }, undefined, undefined).sql
      : `(${set})`
  return { sql: `${ctes}SELECT * FROM ${names} AS \`set\`${tail}`, columns: first.columns }
}

function withoutCtes(node: Query): { query: Query; ctes: readonly Cte[] } {
  if (node.node !== 'SelectQuery') return { query: node, ctes: [] }
  const { ctes = [], ...query } = node
  return { query, ctes }
}

function enclosed(node: Query, sql: string): string {
  return node.node === 'SelectQuery' && node.ctes === undefined ? `(${sql})` : `(SELECT * FROM (${sql}))`
}

function compileCtes(compiler: Compiler, ctes: readonly Cte[] | undefined, scope: Scope): string {
  const parts: string[] = []
  for (const cte of ctes ?? []) {
    if (cte.kind === 'column') {
      scope.columns.set(cte.name, cte)
      continue
    }
    const query = cte.expr
    if (query.node !== 'SelectQuery' && query.node !== 'SelectSetQuery' && query.node !== 'Placeholder') {
      throw new HogqlError(`Expected a query as ${cte.name}`, cte)
    }
    if (cte.recursive && query.node === 'SelectSetQuery') {
      const { columns } = compiler.query(query.first, scope, { aliased: true })
      scope.queries.set(cte.name, { name: cte.name, columns: named(columns, cte.columns) })
    }
    const { sql, source } = renamed(compiler.query(query, scope, { aliased: true }), cte.columns, cte.name)
    const columns = Array.isArray(source) ? (source as readonly ResultColumn[]) : []
    scope.queries.set(cte.name, { name: cte.name, columns })
    parts.push(`${quotedName(cte.name)} AS ${sql}`)
  }
  if (parts.length === 0) return ''
  return `WITH ${ctes?.some(({ recursive }) => recursive) === true ? 'RECURSIVE ' : ''}${parts.join(', ')} `
}

function named(columns: readonly ResultColumn[], names: readonly string[] | undefined): ResultColumn[] {
  return columns.map((column, index) => ({ ...column, name: names?.[index] ?? column.name }))
}
