import { AGGREGATES, FUNCTIONS, HIGHER_ORDER, WITHOUT_BRACKETS } from './function-names.ts'
import { HogqlError } from './hogql-error.ts'
import { isName, isSymbol, isWord, type Token } from './token.ts'

/** HogQL's own names; the translation writes them as functions of the engine. `numbers` stands in FROM. */
const OWN = new Set(['toint', 'tofloat', 'tobool', 'todecimal', 'numbers'])

/** Column types that have arguments, such as `Decimal(10, 2)` after `::` or in CAST. */
const TYPES = new Set(
  'nullable lowcardinality array tuple map variant enum enum8 enum16 fixedstring decimal decimal32 decimal64 decimal128 decimal256 datetime datetime64 time64 dynamic json'.split(
    ' ',
  ),
)

/** Keywords that may stand before a bracket. A quoted name is none of them. */
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

/** Functions whose first argument names an aggregate function, as text. */
const BY_NAME = new Set(['arrayreduce', 'arrayreduceinranges', 'initializeaggregation'])

/**
 * Checks the places of a query where the engine takes the name of a function: calls with and without brackets, `APPLY`,
 * and texts that name an aggregate function. `loneNameArguments` has the places of lambdas.
 *
 * @throws HogqlError for a function that is not on the list
 */
export function checkFunctions(tokens: readonly Token[]): void {
  const introduced = introducedNames(tokens)
  tokens.forEach((token, index) => {
    if (!isName(token)) return
    const name = token.value.toLowerCase()
    if (isApply(tokens, index)) {
      throw new HogqlError('APPLY is not part of HogQL; write a column of that name in quotes')
    }
    if (!isSymbol(tokens[index + 1], '(')) {
      if (!WITHOUT_BRACKETS.has(name) || introduced.has(name) || !isAlone(tokens, index)) return
      throw new HogqlError(`Unable to resolve field: ${token.value}`)
    }
    const keyword = token.kind === 'word' && KEYWORDS.has(name)
    if (!keyword && !isAllowed(name)) throw unsupported(token.value)
    const argument = tokens[index + 2]
    if (BY_NAME.has(name) && argument?.kind === 'string') {
      const aggregate = /^\w+/.exec(argument.value)?.[0] ?? ''
      if (!isAggregate(aggregate.toLowerCase())) throw unsupported(aggregate)
    }
  })
}

/**
 * The argument of a function that takes a lambda, when it is nothing but a name. The engine takes it for a column, or
 * else for a function of that name.
 */
export function loneNameArguments(tokens: readonly Token[]): number[] {
  const found: number[] = []
  tokens.forEach((token, index) => {
    if (!isName(token) || !HIGHER_ORDER.has(token.value.toLowerCase())) return
    const lone = isSymbol(tokens[index + 1], '(') ? loneName(tokens, index + 2) : undefined
    if (lone !== undefined) found.push(lone)
  })
  return found
}

function loneName(tokens: readonly Token[], start: number): number | undefined {
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

/** Names of aliases and of parameters of lambdas, in lower case. */
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

/** Whether a name is no part of a dotted name. */
function isAlone(tokens: readonly Token[], index: number): boolean {
  return !isSymbol(tokens[index - 1], '.') && !isSymbol(tokens[index + 1], '.')
}

/** `APPLY` of `*` and `COLUMNS(…)`. */
function isApply(tokens: readonly Token[], index: number): boolean {
  return isWord(tokens[index], 'APPLY') && isAlone(tokens, index)
}

function isAllowed(name: string): boolean {
  return FUNCTIONS.has(name) || OWN.has(name) || TYPES.has(name) || isAggregate(name)
}

function isAggregate(name: string): boolean {
  if (AGGREGATES.has(name)) return true
  const base = name.replace(COMBINATORS, '')
  return base !== name && isAggregate(base)
}

function unsupported(name: string): HogqlError {
  return new HogqlError(`Unsupported function call '${name}(...)'`)
}
