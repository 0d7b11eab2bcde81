import { stringLiteral } from '../../engine/sql-values.ts'
import { findFunction } from '../functions/find-function.ts'
import type { HogqlFunction } from '../functions/function.ts'
import {
  comparisonCountError,
  countError,
  nestedAggregation,
  templateCountError,
  unknownFunction,
} from '../functions/function-errors.ts'
import { FUNCTIONS_NOT_LOCAL, POSTHOG_FUNCTIONS } from '../functions/posthog-functions.ts'
import { FIRST_ARGUMENT_IS_DATETIME, WITH_ONE_ARGUMENT } from '../functions/templated-functions.ts'
import { HogqlError, NotLocalError } from '../hogql-error.ts'
import type { Call, Expression } from '../parse/tree.ts'
import { compileClock } from './clock.ts'
import { COMPARISON_FUNCTIONS, compileComparison } from './comparisons.ts'
import type { Compiler } from './context.ts'
import { functionNullable, functionType } from './function-types.ts'
import { compilePosthogFunction } from './posthog-calls.ts'
import type { Scope } from './scope.ts'
import type { Sql } from './sql.ts'

/**
 * Compiles a call by PostHog's list of functions.
 *
 * @throws HogqlError for a function that is not on the list, and for a wrong number of arguments.
 */
export function compileCall(compiler: Compiler, node: Call, scope: Scope): Sql {
  const { name } = node
  if (name.toLowerCase() === 'count' && node.args.length === 1 && node.args.every(isStar)) {
    return compileCall(compiler, { ...node, args: [] }, scope)
  }
  const operator = Object.hasOwn(COMPARISON_FUNCTIONS, name) ? COMPARISON_FUNCTIONS[name] : undefined
  if (operator !== undefined) {
    const [left, right, ...rest] = node.args
    if (left === undefined || right === undefined || rest.length > 0) {
      throw new HogqlError(comparisonCountError(name), node)
    }
    return compileComparison(compiler, { ...node, node: 'CompareOperation', operator, left, right }, scope)
  }
  if (POSTHOG_FUNCTIONS.has(name) || POSTHOG_FUNCTIONS.has(name.toLowerCase())) {
    return compilePosthogFunction(compiler, node, scope)
  }
  const definition = name === '_caseWithExpression' ? CASE : findFunction(name)
  if (definition === undefined) throw new HogqlError(unknownFunction(name), node)
  const reason = FUNCTIONS_NOT_LOCAL.get(name)
  if (reason !== undefined) throw new NotLocalError(`the function ${name}: ${reason}`, node)
  checkCounts(node, definition)
  const args = compileArguments(compiler, node, definition, scope)
  const clock = compileClock(definition.clickhouse, args, compiler.options)
  if (clock !== undefined) return clock
  const type = functionType(name, args)
  const sql = writeCall(compiler, node, definition, args, scope)
  return { sql, type, nullable: functionNullable(name, definition.clickhouse, args) }
}

const CASE: HogqlFunction = { clickhouse: 'caseWithExpression', min: 3, max: undefined }

function checkCounts(node: Call, definition: HogqlFunction): void {
  const { name, args, params } = node
  if (definition.clickhouse.includes('{0}')) {
    if (args.length >= definition.min && args.length <= (definition.max ?? args.length)) return
    throw new HogqlError(templateCountError(name, definition.min), node)
  }
  const counts = { arguments: args.length, parameters: params?.length }
  const message = countError(name, definition, counts)
  if (message !== undefined) throw new HogqlError(message, node)
}

function isStar(item: Expression): boolean {
  return item.node === 'Field' && item.chain.length === 1 && item.chain[0] === '*'
}

function compileArguments(compiler: Compiler, node: Call, { aggregate }: HogqlFunction, scope: Scope): Sql[] {
  const compile = (items: readonly Expression[]): Sql[] =>
    items.map((item) => compiler.expression(item, scope))
  if (aggregate !== true) return compile(node.args)
  const outer = scope.aggregation
  if (outer !== undefined) throw new HogqlError(nestedAggregation(node.name, outer), node)
  scope.aggregation = node.name
  try {
    return compile(node.args)
  } finally {
    scope.aggregation = outer
  }
}

/** SQL of a call of a function on the list. Also used for window functions. */
export function writeCall(
  compiler: Compiler,
  node: Call,
  definition: HogqlFunction,
  args: readonly Sql[],
  scope: Scope,
): string {
  const { options } = compiler
  const texts = args.map(({ sql }) => sql)
  const [first] = args
  if (first !== undefined && FIRST_ARGUMENT_IS_DATETIME.has(node.name)) {
    texts[0] = `toDateTime(${first.sql}, 'UTC')`
  }
  const overload = overloadOf(definition, first)
  const name =
    (args.length === 1 && Object.hasOwn(WITH_ONE_ARGUMENT, node.name)
      ? WITH_ONE_ARGUMENT[node.name]
      : undefined) ??
    overload ??
    definition.clickhouse
  if (overload === undefined && name === 'toDateOrNull' && first?.type === 'Unknown') {
    return `toDate(parseDateTime64BestEffortOrNull(toString(${texts[0]}), 6, 'UTC'))`
  }
  if (overload === undefined && name === 'parseDateTime64BestEffortOrNull' && first?.type === 'Unknown') {
    texts[0] = `toString(${texts[0]})`
  }
  if (name.includes('{0}')) {
    return `(${name.replace(/\{(\d)\}/g, (_, index: string) => texts[Number(index)] ?? 'NULL')})`
  }
  if (name === 'parseDateTime64BestEffortOrNull' && texts.length === 1) texts.push('6')
  if (definition.timeZone === true && needsZone(name, texts.length)) {
    texts.push(stringLiteral(options.convertTimeZone ? options.timeZone : 'UTC'))
  }
  if (/^toStartOfWeek$/i.test(name) && args.length === 1)
    texts.push(options.weekStart === 'monday' ? '3' : '0')
  texts.push(...(definition.suffix ?? []))
  const params = node.params?.map((item) => compiler.expression(item, scope).sql)
  const list = params === undefined ? '' : `(${params.join(', ')})`
  const order = node.orderBy
    ?.map(({ expr, descending }) => `${compiler.expression(expr, scope).sql}${descending ? ' DESC' : ''}`)
    .join(', ')
  const body = `${node.distinct ? 'DISTINCT ' : ''}${texts.join(', ')}${order === undefined ? '' : ` ORDER BY ${order}`}`
  const filter =
    node.filter === undefined ? '' : ` FILTER (WHERE ${compiler.expression(node.filter, scope).sql})`
  return `${name}${list}(${body})${filter}`
}

// Where the time zone is already given, PostHog adds none.
function needsZone(name: string, count: number): boolean {
  const most: Readonly<Record<string, number>> = {
    toDateTime: 1,
    parseDateTime64BestEffortOrNull: 2,
    toStartOfInterval: 2,
    dateTrunc: 2,
    dateDiff: 3,
    formatDateTime: 2,
    toUnixTimestamp: 1,
  }
  return count <= (most[name] ?? Number.POSITIVE_INFINITY)
}

function overloadOf({ overloads }: HogqlFunction, first: Sql | undefined): string | undefined {
  if (overloads === undefined || first === undefined) return undefined
  const { type } = first
  if (type === 'String' || type === 'Integer' || type === 'Float' || type === 'Date' || type === 'DateTime') {
    return overloads[type]
  }
  return undefined
}
