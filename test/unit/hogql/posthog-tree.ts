import type {
  Cte,
  Expression,
  FrameBound,
  Join,
  Order,
  Ratio,
  Select,
  SelectSet,
  TableExpression,
  Tag,
  Window,
} from '../../../src/hogql/parse/tree.ts'

type Json = unknown
type Node = Expression | TableExpression

/** Converts a tree of our parser to the JSON of PostHog's parser, without positions. */
export function posthogTree(node: Node): Json {
  return normalizeTree(convert(node))
}

/** Brings a tree to one form: without positions, null and false, and with sorted keys. */
export function normalizeTree(value: Json): Json {
  if (Array.isArray(value)) return value.map(normalizeTree)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value !== 'object' || value === null) return value
  const isConstant = 'node' in value && value.node === 'Constant'
  const entries = Object.entries(value)
    .filter(([name]) => !['start', 'end', 'is_null_comparison_style', 'value_type'].includes(name))
    .filter(([name, item]) => (isConstant && name === 'value') || ![null, undefined, false].includes(item))
  return Object.fromEntries(entries.sort().map(([name, item]) => [name, normalizeTree(item)]))
}

const convertAll = (nodes: readonly Node[] | undefined): Json => nodes?.map(convert)
const convertSome = (node: Node | undefined): Json => (node === undefined ? undefined : convert(node))

function convert(node: Node): Json {
  switch (node.node) {
    case 'Constant':
      return { node: node.node, value: node.digits ?? node.value }
    case 'Field':
    case 'PositionalRef':
    case 'PivotExpr':
    case 'UnpivotExpr':
      return node
    case 'Not':
    case 'Alias':
    case 'Placeholder':
    case 'Lambda':
    case 'And':
    case 'Or':
    case 'Tuple':
    case 'Array':
    case 'IsDistinctFrom':
    case 'BetweenExpr':
    case 'NamedArgument':
      return convertFields(node)
    case 'Call':
      return {
        ...{ node: node.node, name: node.name, args: convertAll(node.args), params: convertAll(node.params) },
        ...{ distinct: node.distinct, filter_expr: convertSome(node.filter) },
        ...{ order_by: node.orderBy?.map(convertOrder), within_group: node.withinGroup?.map(convertOrder) },
      }
    case 'ExprCall':
      return { node: node.node, expr: convert(node.callee), args: convertAll(node.args) }
    case 'WindowFunction':
      return {
        ...{ node: node.node, name: node.name },
        exprs: convertAll(node.params ?? node.args),
        args: node.params === undefined ? [] : convertAll(node.args),
        ...(typeof node.over === 'string'
          ? { over_identifier: node.over }
          : { over_expr: convertWindow(node.over) }),
      }
    case 'ArithmeticOperation':
    case 'CompareOperation':
      return { node: node.node, op: node.operator, left: convert(node.left), right: convert(node.right) }
    case 'Dict':
      return { node: node.node, items: node.items.map(convertAll) }
    case 'ArrayAccess':
    case 'TupleAccess':
      return convertFields(node)
    case 'ArraySlice': {
      const [from, to] = [convertSome(node.from), convertSome(node.to)]
      return { node: node.node, array: convert(node.array), start_expr: from, end_expr: to }
    }
    case 'TypeCast':
    case 'TryCast':
      return { node: node.node, expr: convert(node.expr), type_name: node.type }
    case 'ColumnsExpr':
      return {
        ...{ node: node.node, regex: node.regex, columns: convertAll(node.columns), exclude: node.exclude },
        all_columns: node.regex === undefined && node.columns === undefined,
        replace: node.replace === undefined ? undefined : convertFields(node.replace),
      }
    case 'HogQLXTag':
      return { node: node.node, kind: node.kind, attributes: convertAttributes(node) }
    case 'ValuesQuery':
      return { node: node.node, rows: node.rows.map(convertAll) }
    case 'SelectQuery':
      return convertSelect(node)
    case 'SelectSetQuery':
      return {
        ...{ node: node.node, initial_select_query: convert(node.first) },
        subsequent_select_queries: node.rest.map(({ operator, query }) => ({
          ...{ node: 'SelectSetNode', set_operator: operator, select_query: convert(query) },
        })),
        ...convertEnd(node),
      }
  }
}

/** Converts the nodes among the fields of an object. Names are the same in both trees. */
function convertFields(fields: object): Json {
  const isNode = (value: unknown): value is Node =>
    typeof value === 'object' && value !== null && 'node' in value
  const value = (item: unknown): Json =>
    Array.isArray(item) ? item.map(value) : isNode(item) ? convert(item) : item
  return Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, value(item)]))
}

function convertAttributes({ attributes }: Tag): Json {
  return attributes.map(({ name, value }) => ({
    ...{ node: 'HogQLXAttribute', name },
    value: 'node' in value ? convert(value) : convertAll(value),
  }))
}

function convertSelect(node: Select): Json {
  const groups = node.groupBy?.map((item) =>
    'node' in item ? convert(item) : { node: 'GroupingSet', exprs: convertAll(item) },
  )
  const windows = Object.entries(node.windows ?? {}).map(([name, window]) => [name, convertWindow(window)])
  return {
    ...{ node: node.node, distinct: node.distinct, select: convertAll(node.select) },
    select_from: node.from === undefined ? undefined : convertJoin(node.from),
    array_join_op: node.arrayJoin?.kind,
    array_join_list: convertAll(node.arrayJoin?.exprs),
    ...{ prewhere: convertSome(node.prewhere), where: convertSome(node.where) },
    ...{ group_by: groups, group_by_mode: node.groupByMode },
    ...{ having: convertSome(node.having), qualify: convertSome(node.qualify) },
    window_exprs: windows.length === 0 ? undefined : Object.fromEntries(windows),
    limit_by:
      node.limitBy === undefined
        ? undefined
        : {
            ...{ node: 'LimitByExpr', n: convert(node.limitBy.count) },
            ...{ offset_value: convertSome(node.limitBy.offset), exprs: convertAll(node.limitBy.exprs) },
          },
    ...convertEnd(node),
  }
}

function convertEnd(node: Select | SelectSet): object {
  return {
    ctes: node.ctes?.map(convertCte),
    order_by: node.orderBy?.map(convertOrder),
    ...{ limit: convertSome(node.limit), limit_percent: node.limitPercent },
    ...{ offset: convertSome(node.offset), limit_with_ties: node.withTies },
  }
}

function convertCte({ name, kind, expr, columns, recursive, materialized }: Cte): Json {
  return { node: 'CTE', name, cte_type: kind, expr: convert(expr), columns, recursive, materialized }
}

function convertJoin(join: Join): Json {
  const { sample, constraint } = join
  return {
    ...{ node: 'JoinExpr', table: convert(join.table), table_args: convertAll(join.tableArgs) },
    ...{ alias: join.alias, column_aliases: join.columnAliases, table_final: join.final },
    ...{ join_type: join.type, next_join: join.next === undefined ? undefined : convertJoin(join.next) },
    sample:
      sample === undefined
        ? undefined
        : {
            ...{ node: 'SampleExpr', sample_value: convertRatio(sample.ratio) },
            offset_value: sample.offset === undefined ? undefined : convertRatio(sample.offset),
          },
    constraint:
      constraint === undefined
        ? undefined
        : { node: 'JoinConstraint', constraint_type: constraint.kind, expr: convert(constraint.expr) },
  }
}

function convertRatio({ left, right }: Ratio): Json {
  return { node: 'RatioExpr', left: convert(left), right: convertSome(right) }
}

function convertOrder({ expr, descending, fill }: Order): Json {
  const withFill = fill === undefined ? undefined : convertFill(fill)
  return {
    ...{ node: 'OrderExpr', expr: convert(expr), order: descending ? 'DESC' : 'ASC', with_fill: withFill },
  }
}

function convertFill({ from, to, step }: NonNullable<Order['fill']>): Json {
  const [from_value, to_value, step_value] = [from, to, step].map(convertSome)
  return { node: 'WithFillExpr', from_value, to_value, step_value }
}

function convertWindow({ partitionBy, orderBy, frame }: Window): Json {
  return {
    ...{ node: 'WindowExpr', partition_by: convertAll(partitionBy), order_by: orderBy?.map(convertOrder) },
    frame_method: frame?.method,
    frame_start: frame === undefined ? undefined : convertBound(frame.start),
    frame_end: frame?.end === undefined ? undefined : convertBound(frame.end),
  }
}

function convertBound({ kind, value }: FrameBound): Json {
  const frameValue = value?.node === 'Constant' ? value.value : convertSome(value)
  return { node: 'WindowFrameExpr', frame_type: kind, frame_value: frameValue }
}
