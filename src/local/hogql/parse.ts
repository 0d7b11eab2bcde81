import { checkFunctions } from './functions.ts'
import { findTables, type TableUse } from './tables.ts'
import { HogqlError, isName, isSymbol, isWord, type Token, tokenize } from './tokens.ts'

/** HogQL that passed `guardStatement`. */
export interface ParsedHogql {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly use: TableUse
  /** Unique names of the placeholders in order of first use, such as `variables.country` and `since`. */
  readonly placeholders: readonly string[]
}

/** Tables that a query may read. */
const SAMPLE_TABLES: ReadonlySet<string> = new Set(['events', 'persons'])

/** Longest query that the engine accepts, in characters. */
const MAX_LENGTH = 262_144

/**
 * Parses HogQL and rejects everything that callers may not run.
 *
 * @throws HogqlError with the reason.
 */
export function parseHogql(text: string): ParsedHogql {
  if (text.length > MAX_LENGTH) throw new HogqlError(`The query is longer than ${MAX_LENGTH} characters`)
  const tokens = guardStatement(tokenize(text))
  const placeholders = tokens.filter((token) => token.kind === 'placeholder').map((token) => token.value)
  return { text, tokens, use: findTables(tokens, SAMPLE_TABLES), placeholders: [...new Set(placeholders)] }
}

const FOREIGN_DATABASES =
  /^(?:system|information_schema|default|_temporary_and_external_tables|typehog_\w*)$/i

/** Statements that ClickHouse accepts in parentheses in place of a subquery. */
const OTHER_STATEMENTS = ['EXPLAIN', 'SHOW', 'DESCRIBE', 'DESC']

/** Deepest nesting of brackets. The engine's parser fails slightly above it. */
const MAX_DEPTH = 150

/**
 * Rejects everything except a single SELECT from the sample tables: other statements, several statements, file
 * output, settings, functions outside the allowlist, and other databases. Returns the tokens without trailing semicolons.
 *
 * @throws HogqlError that names the rejected part.
 */
function guardStatement(tokens: readonly Token[]): Token[] {
  const statement = [...tokens]
  while (isSymbol(statement.at(-1), ';')) statement.pop()
  const first = statement.find((token) => !isSymbol(token, '('))
  if (first === undefined) throw new HogqlError('The query is empty')
  if (!isWord(first, 'SELECT', 'WITH')) {
    throw new HogqlError(
      `Only SELECT queries are supported; this one starts with ${JSON.stringify(first.value)}`,
    )
  }
  checkFunctions(statement)
  let depth = 0
  statement.forEach((token, index) => {
    const previous = statement[index - 1]
    const next = statement[index + 1]
    if (isSymbol(token, ';')) throw new HogqlError('Only one statement can be run at a time')
    if (isSymbol(token, '(', '[')) depth += 1
    if (isSymbol(token, ')', ']')) depth -= 1
    if (depth > MAX_DEPTH) throw new HogqlError(`Brackets can be nested at most ${MAX_DEPTH} levels deep`)
    if (depth < 0) throw new HogqlError(`Syntax error at position ${token.start}: unexpected ${token.value}`)
    if (isWord(token, 'INTO') && isWord(next, 'OUTFILE'))
      throw new HogqlError('INTO OUTFILE is not part of HogQL')
    if (isWord(token, 'SETTINGS') && isName(next) && isSymbol(statement[index + 2], '=')) {
      throw new HogqlError('SETTINGS is not part of HogQL')
    }
    if (
      isWord(token, 'FORMAT') &&
      isName(next) &&
      !isSymbol(previous, '.') &&
      index + 2 >= statement.length
    ) {
      throw new HogqlError('FORMAT is not part of HogQL')
    }
    if (isSymbol(previous, '(') && isWord(token, ...OTHER_STATEMENTS) && isName(next)) {
      throw new HogqlError(
        `Only SELECT queries are supported; this one contains ${token.value.toUpperCase()}`,
      )
    }
    if (
      isName(token) &&
      isSymbol(next, '.') &&
      !isSymbol(previous, '.') &&
      FOREIGN_DATABASES.test(token.value)
    ) {
      throw new HogqlError(`Unknown table '${token.value}.${statement[index + 2]?.value ?? ''}'`)
    }
  })
  if (depth > 0) throw new HogqlError('Syntax error: unclosed bracket')
  return statement
}
