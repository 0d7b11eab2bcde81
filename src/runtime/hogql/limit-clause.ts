/** Token for every string and quoted name: their contents do not affect the grammar of the query. */
export const quotedToken = "'"

/**
 * Tokenizes HogQL in one pass: words, numbers, single characters, and `quotedToken` for strings and quoted names. Skips
 * comments and white space. Accepts invalid HogQL.
 */
export function* tokenize(text: string): Generator<string, undefined> {
  /** Open braces: true for a brace inside a template string, which continues after the brace closes. */
  const braces: boolean[] = []
  let at = 0
  let previous = ''
  while (at < text.length) {
    const start = at
    const character = text.charAt(at)
    let token = character
    let inTemplate = false
    at += 1
    if (isWordCode(text.charCodeAt(start))) {
      at = endOfWord(text, at)
      // The dot of `1.` belongs to the number; the dot of `t.1` separates names.
      if (/\d/.test(character) && previous !== '.' && text[at] === '.') at = endOfWord(text, at + 1)
      token = text.slice(start, at)
      if (token === 'f' && text[at] === "'") {
        inTemplate = true
        at += 1
      }
    } else if (/\s/.test(character)) {
      continue
    } else if (isLineComment(text, start)) {
      at = endOfLine(text, at)
      continue
    } else if (text.startsWith('/*', start)) {
      const end = text.indexOf('*/', start + 2)
      at = end < 0 ? text.length : end + 2
      continue
    } else if (character === "'" || character === '"' || character === '`') {
      at = endOfQuoted(text, at, character)
      token = quotedToken
    } else if (character === '{') {
      braces.push(false)
    } else if (character === '}' && braces.pop() === true) {
      yield character
      inTemplate = true
    }
    if (inTemplate) {
      token = quotedToken
      at = endOfTemplateText(text, at)
      if (text[at - 1] === '{') {
        braces.push(true)
        yield token
        token = '{'
      }
    }
    previous = token
    yield token
  }
}

function isLineComment(text: string, at: number): boolean {
  if (text[at] === '#') return !/\d/.test(text.charAt(at + 1))
  return text.startsWith('--', at) || text.startsWith('//', at)
}

function isWordCode(code: number): boolean {
  if (code > 127) return !/\s/.test(String.fromCharCode(code))
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code === 95 || code === 36
}

function endOfWord(text: string, from: number): number {
  let at = from
  while (at < text.length && isWordCode(text.charCodeAt(at))) at += 1
  return at
}

function endOfLine(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

/** A doubled quote ends one quoted token and starts the next. */
function endOfQuoted(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === quote) return at + 1
  }
  return text.length
}

/** The end of template string text: its closing quote, or the brace of an expression. */
function endOfTemplateText(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '{') return at + 1
    else if (text[at] === "'") {
      if (text[at + 1] !== "'") return at + 1
      at += 1
    }
  }
  return text.length
}

/** The LIMIT of a SELECT: a number of rows, `computed` if PostHog evaluates it, undefined if there is none. */
export type ExplicitLimit = number | 'computed' | undefined

/** Keywords that an operand follows: `limit` after one of them is a name. */
const beforeOperand: ReadonlySet<string> = new Set(
  `select distinct from join where prewhere having qualify on using by and or not in like ilike between is as case
  when then else interval with union except intersect over sample offset settings div mod`.split(/\s+/),
)
const setOperators: ReadonlySet<string> = new Set(['union', 'except', 'intersect'])
/** Keywords that end the number of a LIMIT. */
const afterLimit: ReadonlySet<string> = new Set(['offset', 'with', 'settings', 'format', ';'])
const opening: ReadonlySet<string> = new Set(['(', '[', '{'])
const closing: ReadonlySet<string> = new Set([')', ']', '}'])
/** Maximum number of collected tokens of a LIMIT: a longer one is computed. */
const maxClauseTokens = 4

/**
 * The LIMITs of a query's outermost SELECTs: one, or several for UNION, EXCEPT and INTERSECT. Ignores subqueries and
 * `LIMIT … BY`.
 */
export function explicitLimits(
  query: string,
  values: Readonly<Record<string, unknown>>,
): readonly ExplicitLimit[] {
  const limits: ExplicitLimit[] = []
  /** Open brackets within the current SELECT. */
  let depth = 0
  /** Open brackets before the next SELECT. */
  let groups = 0
  let expectsSelect = true
  /** Tokens of the current LIMIT clause. */
  let clause: string[] | undefined
  let isCollecting = false
  let previous = ''
  let isOperand = false

  const endClause = (): void => {
    if (clause !== undefined) limits[limits.length - 1] = parseLimit(clause, values)
    clause = undefined
  }
  const collect = (token: string): void => {
    if (isCollecting && clause !== undefined && clause.length < maxClauseTokens) clause.push(token)
  }

  for (const token of tokenize(query)) {
    const word = token.toLowerCase()
    const isName = isOperand === false && (previous === '.' || previous === 'as')
    if (expectsSelect && depth === 0) {
      if (word === '(') {
        groups += 1
        continue
      }
      if (word === 'all' || word === 'distinct') continue
      if (limits.length === 0 || ['select', 'with', 'from', '{'].includes(word)) limits.push(undefined)
      // A column list, as in `* except (a, b)`.
      else depth += groups
      groups = 0
      expectsSelect = false
    }
    if (opening.has(token)) depth += 1
    if (depth > 0) {
      if (closing.has(token)) depth -= 1
      collect(token)
      previous = token
      isOperand = depth === 0
      continue
    }
    const isKeyword = isOperand && !isName
    let endsOperand = isName || (/[\w$'\u0080-\uffff]/.test(token) && !beforeOperand.has(word))
    if (closing.has(token)) {
      endClause()
      endsOperand = true
    } else if (token === '*') {
      endsOperand = !isOperand
    } else if (isKeyword && (word === 'limit' || word === 'fetch')) {
      endClause()
      clause = []
      isCollecting = true
      endsOperand = false
    } else if (isKeyword && setOperators.has(word)) {
      endClause()
      expectsSelect = true
    } else if (word === 'by' && isKeyword) {
      clause = undefined
    } else if (token === ',') {
      // `LIMIT 10, 5` skips ten rows and returns five.
      if (isCollecting && clause !== undefined) clause = []
    } else if (afterLimit.has(word)) {
      isCollecting = false
    } else {
      collect(token)
    }
    previous = word
    isOperand = endsOperand
  }
  endClause()
  return limits.length === 0 ? [undefined] : limits
}

function parseLimit(clause: readonly string[], values: Readonly<Record<string, unknown>>): ExplicitLimit {
  const [first = '', name = '', last] = clause
  const isPlaceholder = clause.length === 3 && first === '{' && last === '}'
  const value = isPlaceholder && Object.hasOwn(values, name) ? values[name] : first
  if (clause.length !== 1 && !isPlaceholder) return 'computed'
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : 'computed'
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : 'computed'
}
