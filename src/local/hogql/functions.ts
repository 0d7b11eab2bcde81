import { AGGREGATES, FUNCTIONS, HIGHER_ORDER, WITHOUT_PARENTHESES } from './function-names.ts'
import { HogqlError, isName, isSymbol, isWord, type Token } from './tokens.ts'

/** Functions that only HogQL has; the translation writes them as functions of the engine. `numbers` is used in FROM. */
const HOGQL_FUNCTIONS = new Set(['toint', 'tofloat', 'tobool', 'todecimal', 'numbers'])

/** Column types with arguments, such as `Decimal(10, 2)` after `::` or in CAST. */
const TYPES = new Set(
  'nullable lowcardinality array tuple map variant enum enum8 enum16 fixedstring decimal decimal32 decimal64 decimal128 decimal256 datetime datetime64 time64 dynamic json'.split(
    ' ',
  ),
)

/** Keywords that may precede an opening parenthesis. A quoted name is never a keyword. */
const KEYWORDS = new Set(
  (
    'select distinct with recursive as from join using on where prewhere having qualify group order by limit offset ' +
    'union except intersect all any and or not in like ilike between is case when then else end exists replace ' +
    'exclude columns over partition filter within sets rollup cube global interval array fill to step ' +
    'interpolate sample div mod final rows range ordinality asc desc'
  ).split(' '),
)

const COMBINATORS =
  /(?:If|Array|Map|SimpleState|State|MergeState|Merge|ForEach|Distinct|OrDefault|OrNull|Resample|ArgMin|ArgMax)$/i

/** Functions whose first argument is a string with the name of an aggregate function. */
const TAKES_FUNCTION_NAME = new Set(['arrayreduce', 'arrayreduceinranges', 'initializeaggregation'])

/**
 * Checks every function name in a query: in calls with and without parentheses, in `APPLY`, and in strings that name
 * an aggregate function. `loneNameArguments` finds those in place of lambdas.
 *
 * @throws HogqlError for a function outside the allowlist.
 */
export function checkFunctions(tokens: readonly Token[]): void {
  const introduced = introducedNames(tokens)
  tokens.forEach((token, index) => {
    if (!isName(token)) return
    const name = token.value.toLowerCase()
    if (isApply(tokens, index)) {
      throw new HogqlError('APPLY is not part of HogQL. If it is a column, quote its name')
    }
    if (!isSymbol(tokens[index + 1], '(')) {
      if (!WITHOUT_PARENTHESES.has(name) || introduced.has(name) || !isAlone(tokens, index)) return
      throw new HogqlError(`Unable to resolve field: ${token.value}`)
    }
    const keyword = token.kind === 'word' && KEYWORDS.has(name)
    if (!keyword && !isAllowed(name)) throw unsupportedFunction(token.value)
    const argument = tokens[index + 2]
    if (TAKES_FUNCTION_NAME.has(name) && argument?.kind === 'string') {
      const aggregate = /^\w+/.exec(argument.value)?.[0] ?? ''
      if (!isAggregate(aggregate.toLowerCase())) throw unsupportedFunction(aggregate)
    }
  })
}

/**
 * Finds arguments of higher-order functions that are a single name. The engine resolves such a name to a column, or
 * else to a function.
 */
export function loneNameArguments(tokens: readonly Token[]): number[] {
  const found: number[] = []
  tokens.forEach((token, index) => {
    if (!isName(token) || !HIGHER_ORDER.has(token.value.toLowerCase())) return
    const lone = isSymbol(tokens[index + 1], '(') ? loneNameAt(tokens, index + 2) : undefined
    if (lone !== undefined) found.push(lone)
  })
  return found
}

function loneNameAt(tokens: readonly Token[], start: number): number | undefined {
  let at = start
  let depth = 0
  for (; isSymbol(tokens[at], '('); at += 1) depth += 1
  const name = at
  if (!isName(tokens[name])) return undefined
  at = afterAlias(tokens, name + 1)
  for (; depth > 0 && isSymbol(tokens[at], ')'); depth -= 1) at = afterAlias(tokens, at + 1)
  return depth === 0 && isSymbol(tokens[at], ',', ')') ? name : undefined
}

function afterAlias(tokens: readonly Token[], at: number): number {
  if (isWord(tokens[at], 'AS')) return at + 2
  return isName(tokens[at]) ? at + 1 : at
}

/** Names of aliases and lambda parameters, in lower case. */
function introducedNames(tokens: readonly Token[]): ReadonlySet<string> {
  const introduced = tokens.filter((token, index) => {
    if (!isName(token)) return false
    const previous = tokens[index - 1]
    const follows =
      previous !== undefined && ['string', 'number', 'quoted', 'placeholder'].includes(previous.kind)
    const named = follows || isSymbol(previous, ')', ']') || isWord(previous, 'AS')
    return named || isSymbol(tokens[index + 1], '->')
  })
  return new Set(introduced.map(({ value }) => value.toLowerCase()))
}

/** Whether a name is not part of a dotted name. */
function isAlone(tokens: readonly Token[], index: number): boolean {
  return !isSymbol(tokens[index - 1], '.') && !isSymbol(tokens[index + 1], '.')
}

/** `APPLY` of `*` and `COLUMNS(…)`. */
function isApply(tokens: readonly Token[], index: number): boolean {
  return isWord(tokens[index], 'APPLY') && isAlone(tokens, index)
}

function isAllowed(name: string): boolean {
  return FUNCTIONS.has(name) || HOGQL_FUNCTIONS.has(name) || TYPES.has(name) || isAggregate(name)
}

function isAggregate(name: string): boolean {
  if (AGGREGATES.has(name)) return true
  const base = name.replace(COMBINATORS, '')
  return base !== name && isAggregate(base)
}

function unsupportedFunction(name: string): HogqlError {
  return new HogqlError(`Unsupported function call '${name}(...)'`)
}

/** ClickHouse types of HogQL's conversions, which return NULL instead of an error. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  toInt: 'Int64',
  toFloat: 'Float64',
  toBool: 'Bool',
  toDecimal: 'Decimal64(10)',
}

/** Replacement texts for HogQL's functions, by token index. */
export function renamedFunctions(tokens: readonly Token[]): ReadonlyMap<number, string> {
  const written = new Map<number, string>()
  tokens.forEach((token, index) => {
    const type =
      token.kind === 'word' && Object.hasOwn(CONVERSIONS, token.value) ? CONVERSIONS[token.value] : undefined
    const close = isSymbol(tokens[index + 1], '(') ? closingBracket(tokens, index + 1) : undefined
    if (token.kind === 'word' && token.value === 'toDateTime' && isTextAlone(tokens, index + 2, close)) {
      written.set(index, 'parseDateTime64BestEffortOrNull')
      written.set(index + 3, `, 6, 'UTC')`)
    }
    if (type === undefined) return
    // With two arguments or none, it is not the conversion: ClickHouse reports the error.
    if (close === undefined || close === index + 2 || hasSeveralArguments(tokens, index + 2, close)) return
    written.set(index, 'accurateCastOrNull')
    written.set(close, `, '${type}')`)
  })
  return written
}

/** HogQL parses a string in any date format; other values are converted as in ClickHouse. */
function isTextAlone(tokens: readonly Token[], from: number, close: number | undefined): boolean {
  const kind = tokens[from]?.kind
  return close === from + 1 && (kind === 'string' || kind === 'placeholder')
}

function closingBracket(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], '(', '[')) depth += 1
    if (isSymbol(tokens[at], ')', ']')) depth -= 1
    if (depth === 0) return at
  }
  return undefined
}

function hasSeveralArguments(tokens: readonly Token[], from: number, to: number): boolean {
  let depth = 0
  return tokens.slice(from, to).some((token) => {
    if (isSymbol(token, '(', '[')) depth += 1
    if (isSymbol(token, ')', ']')) depth -= 1
    return depth === 0 && isSymbol(token, ',')
  })
}
