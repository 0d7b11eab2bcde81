import { HogqlError, NotLocalError } from '../../../hogql/hogql-error.ts'
import type { Call, Expression } from '../../../hogql/parse/tree.ts'
import { stringLiteral } from '../../engine/sql-values.ts'
import { ARRAY_REDUCE } from '../functions/aggregate-functions.ts'
import { findFunction } from '../functions/find-function.ts'
import type { HogqlFunction } from '../functions/function.ts'
import {
  comparisonCountError,
  countError,
  nestedAggregation,
  reductionNotText,
  templateCountError,
  unknownFunction,
  unsupportedReduction,
  withinGroupError,
} from '../functions/function-errors.ts'
import { FUNCTIONS_NOT_LOCAL, POSTHOG_FUNCTIONS } from '../functions/posthog-functions.ts'
import { FIRST_ARGUMENT_IS_DATETIME, WITH_ONE_ARGUMENT } from '../functions/templated-functions.ts'
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
  checkForm(node)
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

// PostHog refuses WITHIN GROUP, and aggregations in `arrayReduce` that are not on a list of their own.
function checkForm(node: Call): void {
  const { name, args, withinGroup } = node
  if (withinGroup !== undefined) throw new HogqlError(withinGroupError(name), node)
  const [first] = args
  if (name !== 'arrayReduce' || first === undefined) return
  if (first.node !== 'Constant' || typeof first.value !== 'string') {
    throw new HogqlError(reductionNotText(name, first.node), first)
  }
  if (!ARRAY_REDUCE.has(first.value)) throw new HogqlError(unsupportedReduction(name, first.value), first)
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
  const { name, texts } = functionArguments(compiler, node, definition, args)
  if (name.includes('{0}')) {
    return `(${name.replace(/\{(\d)\}/g, (_, index: string) => texts[Number(index)] ?? 'NULL')})`
  }
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

/** Functions that take a precision in front of the time zone. */
const WITH_PRECISION = /^(?:now64|toDateTime64|parseDateTime64BestEffort(?:OrNull|OrZero)?)$/

/** The ClickHouse name and arguments by the types of the arguments and the settings of the project. */
function functionArguments(
  { options }: Compiler,
  node: Call,
  definition: HogqlFunction,
  args: readonly Sql[],
): { name: string; texts: string[] } {
  const texts = args.map(({ sql }) => sql)
  const [first] = args
  if (first !== undefined && FIRST_ARGUMENT_IS_DATETIME.has(node.name))
    texts[0] = `toDateTime(${first.sql}, 'UTC')`
  const single =
    args.length === 1 && Object.hasOwn(WITH_ONE_ARGUMENT, node.name)
      ? WITH_ONE_ARGUMENT[node.name]
      : undefined
  let name = single ?? overloadOf(definition, first) ?? definition.clickhouse
  if (first?.type === 'Unknown' && name === 'toDateOrNull') {
    return { name: 'toDate', texts: [`parseDateTime64BestEffortOrNull(toString(${first.sql}), 6, 'UTC')`] }
  }
  if (name === 'parseDateTime64BestEffortOrNull') {
    if (first?.type === 'Unknown') texts[0] = `toString(${first.sql})`
    if (first?.isConstant === true) name = constantTimeFunction(first.sql)
  }
  if (name === 'concat')
    args.forEach((item, index) => {
      if (item.type !== 'String' || item.nullable) texts[index] = `ifNull(toString(${item.sql}), '')`
    })
  if (/^trim(?:Left|Right)?$/i.test(name) && texts.length === 2) {
    const side = /left/i.test(name) ? 'LEADING' : /right/i.test(name) ? 'TRAILING' : 'BOTH'
    return { name: 'trim', texts: [`${side} ${texts[1]} FROM ${texts[0]}`] }
  }
  // With all its arguments, a function already has a time zone.
  if (definition.timeZone === true && args.length !== definition.max) {
    if (WITH_PRECISION.test(name) && (name === 'now64' ? texts.length === 0 : texts.length === 1))
      texts.push('6')
    texts.push(stringLiteral(options.convertTimeZone ? options.timeZone : 'UTC'))
  } else if (WITH_PRECISION.test(name) && definition.timeZone === true && texts.length === 2)
    texts.splice(1, 0, '6')
  if (/^toStartOfWeek$/i.test(name) && args.length === 1)
    texts.push(options.weekStart === 'monday' ? '3' : '0')
  return { name, texts }
}

// PostHog converts constant times with the strictest function that reads them.
function constantTimeFunction(literal: string): string {
  if (/^'\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?'$/.test(literal)) return 'toDateTime'
  if (/^'\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{1,6}'$/.test(literal)) return 'toDateTime64'
  return literal === 'NULL' ? 'parseDateTime64BestEffortOrNull' : 'parseDateTime64BestEffort'
}

function overloadOf({ overloads }: HogqlFunction, first: Sql | undefined): string | undefined {
  if (overloads === undefined || first === undefined) return undefined
  const { type } = first
  if (type === 'String' || type === 'Integer' || type === 'Float' || type === 'Date' || type === 'DateTime') {
    return overloads[type]
  }
  return undefined
}
