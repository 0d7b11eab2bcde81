/** Space and signs of JSON (RFC 8259), or one of its values that is neither a string nor made of others. */
const token = /[ \t\n\r{}[\],:]+|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
/** Characters of a string that stand for themselves. */
const plain = /[ !#-[\]-\u{10ffff}]+/uy
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

/**
 * Where a text stops being JSON, in characters; its length when it only ends too early.
 *
 * The engine's message has the position in some cases, the tokens give it in the others.
 */
export function jsonFault(text: string, error: unknown): number {
  const told = /position (\d+)/.exec(String(error))?.[1]
  if (told !== undefined) return Number(told)
  let position = 0
  for (;;) {
    const isString = text.charAt(position) === '"'
    const end = isString ? endOfContent(text, position + 1) : skip(token, text, position)
    if (isString ? text.charAt(end) !== '"' : end === position) return end
    position = isString ? end + 1 : end
  }
}

/** Where the characters of a string end, one after another: a single pattern for all would need a stack as long. */
function endOfContent(text: string, start: number): number {
  let end = start
  for (;;) {
    const next = skip(escaped, text, skip(plain, text, end))
    if (next === end) return end
    end = next
  }
}

/** Where what a pattern finds at `start` ends; `start` when it finds nothing. */
function skip(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : start
}
