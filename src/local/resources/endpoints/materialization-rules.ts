import { HogqlError } from '../../hogql/hogql-error.ts'
import { parseHogql } from '../../hogql/parse.ts'
import { isSymbol, isWord, type Token } from '../../hogql/token.ts'
import { member } from '../../http/json.ts'
import type { SavedQuery } from './endpoint-record.ts'

const KINDS = ['HogQLQuery', 'TrendsQuery', 'LifecycleQuery', 'RetentionQuery']
const TIME_DEPENDENT = ['NOW', 'NOW64', 'TODAY', 'YESTERDAY', 'CURRENT_TIMESTAMP']
const CLAUSES = [
  'SELECT',
  'FROM',
  'WHERE',
  'PREWHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'QUALIFY',
]

/** Why a query cannot have a table, or null when it can. */
export function refusalReason(query: SavedQuery): string | null {
  if (!KINDS.includes(query.kind)) return `Query kind ${query.kind} cannot be materialized`
  if (query.kind !== 'HogQLQuery') {
    const compare = member(query['compareFilter'], 'compare') === true
    const cohort = member(query['breakdownFilter'], 'breakdown_type') === 'cohort'
    if (compare) return 'Compare mode cannot be materialized'
    return cohort ? 'Cohort breakdowns cannot be materialized' : null
  }
  try {
    return refusalOfTokens(parseHogql(String(query['query'])).tokens)
  } catch (error) {
    if (error instanceof HogqlError) return error.message
    throw error
  }
}

/** A clause of one SELECT, such as WHERE, with what was seen in it so far. */
interface Clause {
  readonly name: string
  or: boolean
}

interface Frame {
  /** Index of the opening bracket; -1 for the whole query. */
  readonly start: number
  clause: Clause
}

function refusalOfTokens(tokens: readonly Token[]): string | null {
  const frames: Frame[] = [{ start: -1, clause: { name: '', or: false } }]
  const variables: { name: string; around: { start: number; clause: Clause }[]; at: number }[] = []
  for (const [at, token] of tokens.entries()) {
    const frame = frames.at(-1)
    if (frame === undefined) break
    if (isSymbol(token, '(', '[')) frames.push({ start: at, clause: { name: '', or: false } })
    else if (isSymbol(token, ')', ']')) frames.pop()
    else if (isWord(token, ...TIME_DEPENDENT) && isSymbol(tokens[at + 1], '(')) {
      return `Functions of the current time such as ${token.value}() cannot be materialized`
    } else if (isWord(token, ...CLAUSES) && !isSymbol(tokens[at - 1], '.')) {
      frame.clause = { name: token.value.toUpperCase(), or: false }
    } else if (isWord(token, 'OR')) frame.clause.or = true
    else if (token.kind === 'placeholder' && token.value.startsWith('variables.')) {
      const around = frames.map(({ start, clause }) => ({ start, clause }))
      variables.push({ name: token.value.slice('variables.'.length), around, at })
    }
  }
  for (const { name, around, at } of variables) {
    // The innermost frame with a clause is the SELECT that the variable belongs to; those inside it are brackets.
    const select = around.findLastIndex(({ clause }) => clause.name !== '')
    const clause = around[select]?.clause.name
    if (clause !== 'WHERE' && clause !== 'PREWHERE') return `Variable '${name}' is used outside WHERE`
    if (around.slice(select).some((frame) => frame.clause.or)) return `Variable '${name}' is used inside OR`
    if (!isCompared(tokens, at, around.slice(select + 1))) {
      return `Variable '${name}' is used with an operator other than =, >=, >, <, <=`
    }
  }
  return null
}

/** True when a comparison stands beside the variable, or beside the call that wraps it, as in `toDate({…})`. */
function isCompared(tokens: readonly Token[], at: number, brackets: readonly { start: number }[]): boolean {
  const operators = ['=', '==', '>=', '>', '<', '<=']
  if (isSymbol(tokens[at - 1], ...operators) || isSymbol(tokens[at + 1], ...operators)) return true
  const calls = brackets.filter(({ start }) => tokens[start - 1]?.kind === 'word')
  return calls.some(({ start }) => isSymbol(tokens[start - 2], ...operators))
}
