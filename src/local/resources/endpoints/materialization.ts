import { parseHogql } from '../../hogql/parse.ts'
import { HogqlError, isSymbol, isWord, type Token } from '../../hogql/tokens.ts'
import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import type { SavedQuery } from '../query/saved-query.ts'
import type { Materialization, VersionRecord } from './endpoint-store.ts'

/** Name prefix of the table snapshots. */
export function tablePrefix(table: Materialization): string {
  return `m_${table.savedQueryId.replaceAll('-', '')}_`
}

/**
 * Materializes a version: copies the source tables. Its runs read the copied rows until the version is materialized
 * again.
 *
 * @throws ApiError 400 when the query cannot be materialized.
 */
export async function materialize(state: ServerState, version: VersionRecord): Promise<void> {
  const reason = unsupportedReason(version.query)
  if (reason !== null) throw invalid(null, `Cannot materialize endpoint: ${reason}`)
  await dropTable(state, version)
  const table = { savedQueryId: crypto.randomUUID(), builtAt: state.now() }
  if (state.engine.available) {
    const { database } = state.engine
    for (const source of ['events', 'persons']) {
      await state.engine.command(
        `CREATE TABLE ${database}.${tablePrefix(table)}${source} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM ${database}.${source}`,
      )
    }
  }
  version.materialization = table
}

/** Ends the materialization of a version and drops its tables. */
export async function dropTable(state: ServerState, version: VersionRecord): Promise<void> {
  const table = version.materialization
  version.materialization = null
  if (table === null || !state.engine.available) return
  for (const source of ['events', 'persons']) {
    await state.engine.command(`DROP TABLE IF EXISTS ${state.engine.database}.${tablePrefix(table)}${source}`)
  }
}

/** The materialization status of a version, as the status route and the endpoint return it. */
export function materializationStatus(version: VersionRecord): Record<string, unknown> {
  const table = version.materialization
  if (table === null) {
    const reason = unsupportedReason(version.query)
    return { enabled: false, ready: false, hibernated: false, can_materialize: reason === null, reason }
  }
  return {
    enabled: true,
    ready: true,
    hibernated: false,
    can_materialize: true,
    status: 'Completed',
    last_materialized_at: table.builtAt.toISOString(),
    error: '',
    saved_query_id: table.savedQueryId,
  }
}

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

/** The reason why a query cannot be materialized, or null when it can. */
export function unsupportedReason(query: SavedQuery): string | null {
  if (!KINDS.includes(query.kind)) return `Query kind ${query.kind} cannot be materialized`
  if (query.kind !== 'HogQLQuery') {
    const compare = member(query['compareFilter'], 'compare') === true
    const cohort = member(query['breakdownFilter'], 'breakdown_type') === 'cohort'
    if (compare) return 'Compare mode cannot be materialized'
    return cohort ? 'Cohort breakdowns cannot be materialized' : null
  }
  try {
    return tokensUnsupportedReason(parseHogql(String(query['query'])).tokens)
  } catch (error) {
    if (error instanceof HogqlError) return error.message
    throw error
  }
}

/** A clause of a SELECT, such as WHERE, and whether it has an OR so far. */
interface Clause {
  readonly name: string
  hasOr: boolean
}

interface Frame {
  /** Index of the opening bracket; -1 for the query itself. */
  readonly start: number
  clause: Clause
}

function tokensUnsupportedReason(tokens: readonly Token[]): string | null {
  const frames: Frame[] = [{ start: -1, clause: { name: '', hasOr: false } }]
  const variables: { name: string; enclosing: { start: number; clause: Clause }[]; at: number }[] = []
  for (const [at, token] of tokens.entries()) {
    const frame = frames.at(-1)
    if (frame === undefined) break
    if (isSymbol(token, '(', '[')) frames.push({ start: at, clause: { name: '', hasOr: false } })
    else if (isSymbol(token, ')', ']')) frames.pop()
    else if (isWord(token, ...TIME_DEPENDENT) && isSymbol(tokens[at + 1], '(')) {
      return `Functions of the current time such as ${token.value}() cannot be materialized`
    } else if (isWord(token, ...CLAUSES) && !isSymbol(tokens[at - 1], '.')) {
      frame.clause = { name: token.value.toUpperCase(), hasOr: false }
    } else if (isWord(token, 'OR')) frame.clause.hasOr = true
    else if (token.kind === 'placeholder' && token.value.startsWith('variables.')) {
      const enclosing = frames.map(({ start, clause }) => ({ start, clause }))
      variables.push({ name: token.value.slice('variables.'.length), enclosing, at })
    }
  }
  for (const { name, enclosing, at } of variables) {
    // The innermost frame with a clause is the variable's SELECT; frames inside it are parentheses.
    const select = enclosing.findLastIndex(({ clause }) => clause.name !== '')
    const clause = enclosing[select]?.clause.name
    if (clause !== 'WHERE' && clause !== 'PREWHERE') return `Variable '${name}' is used outside WHERE`
    if (enclosing.slice(select).some((frame) => frame.clause.hasOr))
      return `Variable '${name}' is used inside OR`
    if (!isCompared(tokens, at, enclosing.slice(select + 1))) {
      return `Variable '${name}' is used with an operator other than =, >=, >, <, <=`
    }
  }
  return null
}

/** Whether a comparison is next to the variable, or next to an enclosing call such as `toDate({…})`. */
function isCompared(tokens: readonly Token[], at: number, brackets: readonly { start: number }[]): boolean {
  const operators = ['=', '==', '>=', '>', '<', '<=']
  if (isSymbol(tokens[at - 1], ...operators) || isSymbol(tokens[at + 1], ...operators)) return true
  const calls = brackets.filter(({ start }) => tokens[start - 1]?.kind === 'word')
  return calls.some(({ start }) => isSymbol(tokens[start - 2], ...operators))
}
