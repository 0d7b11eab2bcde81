/** Where a text stops being JSON. */
export interface JsonFault {
  readonly offset: number
  /** True when the text ends before the value does. */
  readonly truncated: boolean
}

const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** Unescaped characters as in RFC 8259, section 7: everything from the space on but quote and backslash. */
const string = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const space = /[ \t\n\r]*/y

/**
 * Finds the first place where a text is not JSON. The engine's own messages differ between versions of Node and leave
 * the place out at times; this runs only once parsing has failed.
 */
export function findJsonFault(text: string): JsonFault {
  // What may come next: a value, a key or the end of an object, a colon, or a comma or the end of what is open.
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
  const close = (): void => {
    open.pop()
    expected = 'comma'
    offset += 1
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
      else return { offset, truncated: false }
    } else if (expected === 'colon') {
      if (character !== ':') return { offset, truncated: false }
      offset += 1
      expected = 'value'
    } else if (expected === 'key' || expected === 'key-or-end') {
      if (expected === 'key-or-end' && character === '}') close()
      else if (match(string)) expected = 'colon'
      else return fault(text, offset)
    } else if (expected === 'value-or-end' && character === ']') close()
    else if (character === '{' || character === '[') {
      open.push(character)
      offset += 1
      expected = character === '{' ? 'key-or-end' : 'value-or-end'
    } else if (match(string) || match(literal)) expected = 'comma'
    else return fault(text, offset)
  }
}

/** A string or word that is cut off by the end of the text counts as truncated. */
function fault(text: string, offset: number): JsonFault {
  const rest = text.slice(offset, offset + 10_000)
  const cutString = rest.startsWith('"') && /^"(?:[ !#-[\]-\u{10ffff}]|\\.)*\\?$/u.test(rest)
  const cutWord = /^(?:[a-z]{1,4}|-?\d*[.eE+-]?)$/.test(rest)
  return { offset, truncated: offset + rest.length === text.length && (cutString || cutWord) }
}
