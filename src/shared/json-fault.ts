/** The position of the first JSON syntax error in a text. */
export interface JsonFault {
  /** Index of the first invalid character, or the length of the text when only the end is missing. */
  readonly offset: number
  /** True when the text ends before the value does. */
  readonly truncated: boolean
}

const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const space = /[ \t\n\r]*/y
/** Characters that a string may contain unescaped (RFC 8259, section 7). */
const unescaped = /[ !#-[\]-\u{10ffff}]+/uy
const escapeSequence = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
/** The start of an escape, at the end of the text. */
const startedEscape = /^\\(?:u[\da-fA-F]{0,3})?$/
/** The rest of a number after its last complete form, at the end of the text. */
const startedNumber = /^(?:\.|[eE][+-]?)$/
/** The start of a literal, at the end of the text. */
const startedLiteral = /^(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-)$/

/**
 * Finds the first JSON syntax error in a text. Callers use it after `JSON.parse` has failed: its messages differ
 * between engines, and some omit the position.
 */
export function findJsonFault(text: string): JsonFault {
  // The token that must follow.
  type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma'
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let offset = 0

  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset
    if (!pattern.test(text)) return false
    offset = pattern.lastIndex
    return true
  }
  /** Skips a string. Uses a loop, because a single pattern would need a stack as deep as the string. */
  const matchString = (): boolean => {
    if (text[offset] !== '"') return false
    offset += 1
    while (match(unescaped) || match(escapeSequence));
    if (text[offset] !== '"') return false
    offset += 1
    return true
  }
  const close = (): void => {
    open.pop()
    expected = 'comma'
    offset += 1
  }
  const fault = (): JsonFault => {
    const rest = text.slice(offset, offset + 10)
    const cut = rest === '' || startedEscape.test(rest) || startedLiteral.test(rest)
    return { offset, truncated: cut }
  }

  const isCutNumber = (): boolean => {
    return /\d/.test(text.charAt(offset - 1)) && startedNumber.test(text.slice(offset, offset + 3))
  }

  for (;;) {
    match(space)
    const character = text[offset]
    if (character === undefined) return { offset, truncated: open.length > 0 || expected === 'value' }
    const inside = open.at(-1)
    if (expected === 'comma') {
      if (inside === undefined) return { offset, truncated: false }
      if (character === ',') {
        offset += 1
        expected = inside === '{' ? 'key' : 'value'
      } else if (character === (inside === '{' ? '}' : ']')) close()
      else return { offset, truncated: isCutNumber() }
    } else if (expected === 'colon') {
      if (character !== ':') return { offset, truncated: false }
      offset += 1
      expected = 'value'
    } else if (expected === 'key' || expected === 'key-or-end') {
      if (expected === 'key-or-end' && character === '}') close()
      else if (matchString()) expected = 'colon'
      else return fault()
    } else if (expected === 'value-or-end' && character === ']') close()
    else if (character === '{' || character === '[') {
      open.push(character)
      offset += 1
      expected = character === '{' ? 'key-or-end' : 'value-or-end'
    } else if (matchString() || match(literal)) expected = 'comma'
    else return fault()
  }
}
