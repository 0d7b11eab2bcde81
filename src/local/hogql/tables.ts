import { HogqlError, isName, isSymbol, isWord, type Token } from './tokens.ts'

/** The table names of a query and the aliases of its tables. */
export interface TableUse {
  /** Sample tables by token index, and whether the query gives each an alias. */
  readonly tables: ReadonlyMap<number, { readonly name: string; readonly aliased: boolean }>
  /** Aliases of tables, in lower case. */
  readonly aliases: ReadonlySet<string>
}

// Functions with a FROM in their arguments, which reads no table.
const FROM_IN_CALL = new Set(['EXTRACT', 'TRIM', 'SUBSTRING', 'SUBSTR', 'OVERLAY', 'POSITION'])
const ENDS_FROM = [
  'WHERE',
  'PREWHERE',
  'GROUP',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'HAVING',
  'WINDOW',
  'QUALIFY',
  'UNION',
  'EXCEPT',
  'INTERSECT',
]
const NOT_AN_ALIAS = new Set([
  ...ENDS_FROM,
  'ON',
  'USING',
  'JOIN',
  'LEFT',
  'RIGHT',
  'INNER',
  'FULL',
  'CROSS',
  'ANY',
  'ALL',
  'ASOF',
  'SEMI',
  'ANTI',
  'OUTER',
  'GLOBAL',
  'ARRAY',
  'FINAL',
  'SAMPLE',
  'PASTE',
  'SELECT',
  'FROM',
  'AS',
])

interface Frame {
  readonly call: string | undefined
  select: boolean
  from: boolean
  arrayJoin: boolean
}

/**
 * Finds the table names of a query. A table must be one of `known`, the name of a WITH query, or `numbers(...)`.
 *
 * @throws HogqlError for any other table.
 */
export function findTables(tokens: readonly Token[], known: ReadonlySet<string>): TableUse {
  const withQueries = namesOfWithQueries(tokens)
  const tables = new Map<number, { name: string; aliased: boolean }>()
  const aliases = new Set<string>()
  const frames: Frame[] = [{ call: undefined, select: false, from: false, arrayJoin: false }]
  let expectTable = false

  tokens.forEach((token, index) => {
    const frame = frames.at(-1)
    if (frame === undefined) return
    const previous = tokens[index - 1]
    const next = tokens[index + 1]
    if (expectTable) {
      expectTable = false
      if (isName(token)) {
        if (isSymbol(next, '.'))
          throw new HogqlError(`Unknown table '${token.value}.${tokens[index + 2]?.value ?? ''}'`)
        const alias = aliasAt(tokens, index + 1)
        if (alias !== undefined) aliases.add(alias)
        if (isSymbol(next, '(')) {
          if (token.value.toLowerCase() !== 'numbers')
            throw new HogqlError(`Unknown table function '${token.value}'`)
        } else if (!withQueries.has(token.value)) {
          if (!known.has(token.value)) throw new HogqlError(`Unknown table '${token.value}'`)
          tables.set(index, { name: token.value, aliased: alias !== undefined })
        }
        return
      }
      if (!isSymbol(token, '('))
        throw new HogqlError(`Syntax error at position ${token.start}: expected a table`)
      // Parentheses may also contain tables: `FROM (events JOIN persons ON …)`.
      if (!isWord(next, 'SELECT', 'WITH')) {
        frames.push({ call: undefined, select: true, from: true, arrayJoin: false })
        expectTable = true
        return
      }
    }
    if (isSymbol(token, '(', '[')) {
      const call = token.value === '(' && previous?.kind === 'word' ? previous.value.toUpperCase() : undefined
      frames.push({ call, select: false, from: false, arrayJoin: false })
    } else if (isSymbol(token, ')', ']')) {
      frames.pop()
      const alias = frames.at(-1)?.from === true ? aliasAt(tokens, index + 1) : undefined
      if (alias !== undefined) aliases.add(alias)
    } else if (isSymbol(previous, '.') || isSymbol(next, '.')) {
      // A part of a dotted name is not a keyword.
    } else if (isWord(token, 'SELECT')) {
      Object.assign(frame, { select: true, from: false, arrayJoin: false })
    } else if (isWord(token, 'FROM')) {
      if (frame.select) {
        Object.assign(frame, { from: true, arrayJoin: false })
        expectTable = true
      } else if (!FROM_IN_CALL.has(frame.call ?? '')) {
        throw new HogqlError(`Syntax error at position ${token.start}: FROM precedes SELECT`)
      }
    } else if (frame.from && isWord(token, 'JOIN')) {
      frame.arrayJoin = isWord(previous, 'ARRAY')
      expectTable = !frame.arrayJoin
    } else if (frame.from && !frame.arrayJoin && isSymbol(token, ',')) {
      expectTable = true
    } else if (frame.from && isWord(token, ...ENDS_FROM)) {
      frame.from = false
    }
  })
  return { tables, aliases }
}

/** The alias of a table, from `AS name` or just `name`, in lower case. */
function aliasAt(tokens: readonly Token[], index: number): string | undefined {
  const alias = isWord(tokens[index], 'AS') ? tokens[index + 1] : tokens[index]
  if (alias === undefined || !isName(alias)) return undefined
  if (alias.kind === 'word' && NOT_AN_ALIAS.has(alias.value.toUpperCase())) return undefined
  return alias.value.toLowerCase()
}

function namesOfWithQueries(tokens: readonly Token[]): Set<string> {
  const names = new Set<string>()
  tokens.forEach((token, index) => {
    const introduced = isWord(tokens[index - 1], 'WITH', 'RECURSIVE') || isSymbol(tokens[index - 1], ',')
    const isQuery = isWord(tokens[index + 1], 'AS') && isSymbol(tokens[index + 2], '(')
    if (isName(token) && introduced && isQuery && isWord(tokens[index + 3], 'SELECT', 'WITH'))
      names.add(token.value)
  })
  return names
}
