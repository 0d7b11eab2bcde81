import { HogqlError } from '../../../hogql/hogql-error.ts'
import type { Compare, CompareOperator, Expression, Span } from '../../../hogql/parse/tree.ts'
import type { Compiler } from './context.ts'
import { constantKey, type Scope } from './scope.ts'
import type { Sql } from './sql.ts'

/** A comparison: its SQL, and its value when one side or both are NULL. */
interface Rule {
  readonly sql: (left: string, right: string) => string
  readonly one: 0 | 1
  readonly both: 0 | 1
}

const call =
  (name: string) =>
  (left: string, right: string): string =>
    `${name}(${left}, ${right})`

/** PostHog compares in two values: NULL is a value that equals itself, and no comparison is NULL. */
const RULES: Readonly<Partial<Record<CompareOperator, Rule>>> = {
  '==': { sql: call('equals'), one: 0, both: 1 },
  '!=': { sql: call('notEquals'), one: 1, both: 0 },
  '<': { sql: call('less'), one: 0, both: 0 },
  '<=': { sql: call('lessOrEquals'), one: 0, both: 0 },
  '>': { sql: call('greater'), one: 0, both: 0 },
  '>=': { sql: call('greaterOrEquals'), one: 0, both: 0 },
  like: { sql: call('like'), one: 0, both: 1 },
  'not like': { sql: call('notLike'), one: 1, both: 0 },
  ilike: { sql: call('ilike'), one: 0, both: 1 },
  'not ilike': { sql: call('notILike'), one: 1, both: 0 },
  '=~': { sql: call('match'), one: 0, both: 1 },
  '!~': { sql: (left, right) => `not(match(${left}, ${right}))`, one: 1, both: 0 },
  '=~*': { sql: (left, right) => `match(${left}, concat('(?i)', ${right}))`, one: 0, both: 1 },
  '!~*': { sql: (left, right) => `not(match(${left}, concat('(?i)', ${right})))`, one: 1, both: 0 },
}

/** Functions that are comparisons by another name. */
export const COMPARISON_FUNCTIONS: Readonly<Record<string, CompareOperator>> = {
  equals: '==',
  notEquals: '!=',
  less: '<',
  lessOrEquals: '<=',
  greater: '>',
  greaterOrEquals: '>=',
  like: 'like',
  notLike: 'not like',
  ilike: 'ilike',
  notILike: 'not ilike',
  in: 'in',
  notIn: 'not in',
}

export function compileComparison(compiler: Compiler, node: Compare, scope: Scope): Sql {
  const { operator, left, right } = node
  if (operator === 'in cohort' || operator === 'not in cohort') return compileCohort(compiler, node, scope)
  const a = compiler.expression(left, scope)
  if (operator === 'in' || operator === 'not in') {
    const name = operator === 'in' ? 'in' : 'notIn'
    return flag(`${name}(${a.sql}, ${setSql(compiler, right, scope)})`)
  }
  const b = compiler.expression(right, scope)
  return flag(comparisonSql(operator, a, b, scope.inJoin))
}

// ClickHouse wants a query on the right side of IN without the parentheses of a scalar.
function setSql(compiler: Compiler, node: Expression, scope: Scope): string {
  if (node.node === 'SelectQuery' || node.node === 'SelectSetQuery') {
    return `(${compiler.query(node, scope, { aliased: false }).sql})`
  }
  return compiler.expression(node, scope).sql
}

/** SQL of a comparison with PostHog's rules for NULL. */
export function comparisonSql(operator: CompareOperator, a: Sql, b: Sql, inJoin = false): string {
  const rule = RULES[operator]
  if (rule === undefined) throw new Error(`Unknown comparison ${operator}`)
  if (isNull(b)) return nullComparison(rule, a, isNull(a))
  if (isNull(a)) return nullComparison(rule, b, false)
  const sql = rule.sql(a.sql, b.sql)
  if (inJoin || (!a.nullable && !b.nullable)) return sql
  if (rule.one === rule.both || !a.nullable || !b.nullable) return `ifNull(${sql}, ${rule.one})`
  const both = rule.both === 1
  const fallback = both
    ? `and(isNull(${a.sql}), isNull(${b.sql}))`
    : `or(isNotNull(${a.sql}), isNotNull(${b.sql}))`
  return `ifNull(${sql}, ${fallback})`
}

function isNull({ sql, isConstant }: Sql): boolean {
  return isConstant === true && sql === 'NULL'
}

function nullComparison({ one, both }: Rule, value: Sql, isBoth: boolean): string {
  if (isBoth) return String(both)
  if (one === both) return String(one)
  return both === 1 ? `isNull(${value.sql})` : `isNotNull(${value.sql})`
}

function flag(sql: string): Sql {
  return { sql, type: 'Boolean', nullable: false }
}

function compileCohort(compiler: Compiler, node: Compare, scope: Scope): Sql {
  const person = compiler.expression(node.left, scope)
  const persons = cohortPersons(compiler, constantKey(node.right), node.right)
  const name = node.operator === 'in cohort' ? 'in' : 'notIn'
  if (persons.length === 0) return flag(name === 'in' ? '0' : '1')
  return flag(`${name}(${person.sql}, tuple(${persons.map((id) => `'${id}'`).join(', ')}))`)
}

function cohortPersons(compiler: Compiler, key: string | number | undefined, span: Span): readonly string[] {
  if (key === undefined) throw new HogqlError('cohort() takes exactly one integer or string argument', span)
  const persons = compiler.options.cohort(key)
  if (persons !== undefined) return persons.filter((id) => /^[0-9a-f-]{36}$/i.test(id))
  throw new HogqlError(
    typeof key === 'number'
      ? `Could not find cohort with ID ${key}`
      : `Could not find a cohort with the name "${key}"`,
    span,
  )
}
