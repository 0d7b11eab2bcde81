import { checkFunctions } from './allowed-functions.ts'
import { HogqlError } from './hogql-error.ts'
import { isName, isSymbol, isWord, type Token } from './token.ts'

const FOREIGN_DATABASES =
  /^(?:system|information_schema|default|_temporary_and_external_tables|typehog_\w*)$/i

/** Statements that ClickHouse takes in brackets where a query may stand. */
const OTHER_STATEMENTS = ['EXPLAIN', 'SHOW', 'DESCRIBE', 'DESC']

/** The engine's parser gives up a little above this. */
const MAX_DEPTH = 150

/**
 * Refuses everything that is not one SELECT over the sample tables: other statements, several statements, file
 * output, settings, functions that are not on the list, other databases. Returns the tokens without trailing semicolons.
 *
 * @throws HogqlError naming what was refused.
 */
export function guardStatement(tokens: readonly Token[]): Token[] {
  const statement = [...tokens]
  while (isSymbol(statement.at(-1), ';')) statement.pop()
  const first = statement.find((token) => !isSymbol(token, '('))
  if (first === undefined) throw new HogqlError('The query is empty')
  if (!isWord(first, 'SELECT', 'WITH')) {
    throw new HogqlError(
      `Only SELECT queries can be run; this one begins with ${JSON.stringify(first.value)}`,
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
    if (depth > MAX_DEPTH) throw new HogqlError(`Brackets can be nested ${MAX_DEPTH} deep`)
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
      throw new HogqlError(`Only SELECT queries can be run; this one holds ${token.value.toUpperCase()}`)
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
  if (depth > 0) throw new HogqlError('Syntax error: a bracket is never closed')
  return statement
}
