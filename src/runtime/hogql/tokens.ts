/** Stands for every string and every quoted name: what they hold is no part of the query's grammar. */
export const quotedToken = "'"

/**
 * Splits HogQL into tokens in one pass: words, numbers, single characters, and `quotedToken` for strings and quoted
 * names. Comments and white space are left out. Text that PostHog refuses gives tokens too.
 */
export function* tokensOf(text: string): Generator<string, undefined> {
  /** Open braces: true for one inside a template string, which goes on after it closes. */
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
      // The dot of `1.` belongs to the number; that of `t.1` separates names.
      if (/\d/.test(character) && previous !== '.' && text[at] === '.') at = endOfWord(text, at + 1)
      token = text.slice(start, at)
      if (token === 'f' && text[at] === "'") {
        inTemplate = true
        at += 1
      }
    } else if (/\s/.test(character)) {
      continue
    } else if (text.startsWith('--', start) || text.startsWith('//', start)) {
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

/** A doubled quote ends one quoted token and begins the next. */
function endOfQuoted(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === quote) return at + 1
  }
  return text.length
}

/** Text of a template string: up to its closing quote, or the brace of an expression. */
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
