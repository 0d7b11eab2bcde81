import { HogqlError } from '../hogql-error.ts'
import { readEscape } from './lexer.ts'
import type { Parser } from './parser.ts'
import type { Expression } from './tree.ts'

/** Parses an f-string, which is a call of `concat`. */
export function parseTemplate(parser: Parser): Expression {
  const { tokens } = parser
  const { start, end: open } = tokens.take()
  const args: Expression[] = []
  let text = ''
  let from = open
  let at = open
  const addText = (): void => {
    if (at > from) args.push({ node: 'Constant', value: text, start: from, end: at })
    text = ''
  }
  for (;;) {
    const char = tokens.text[at]
    if (char === undefined) {
      throw new HogqlError(`no viable alternative at input '${tokens.text}'`, { start, end: at })
    }
    if (char === "'" && tokens.text[at + 1] !== "'") break
    if (char === '{') {
      addText()
      tokens.seek(at + 1)
      args.push(parser.expression())
      at = tokens.expectSymbol('}').end
      from = at
    } else if (char === "'") {
      text += char
      at += 2
    } else if (char === '\\') {
      const decoded =
        tokens.text[at + 1] === '{' ? { value: '{', end: at + 2 } : readEscape(tokens.text, at, "'")
      if (decoded === undefined)
        throw new HogqlError(`token recognition error at: '\\${tokens.text[at + 1] ?? ''}'`, {
          start: at,
          end: at + 2,
        })
      text += decoded.value
      at = decoded.end
    } else {
      text += char
      at += 1
    }
  }
  addText()
  tokens.seek(at + 1)
  const span = { start, end: at + 1 }
  const [only] = args
  if (only === undefined) return { node: 'Constant', value: '', ...span }
  if (args.length === 1) return only
  return { node: 'Call', name: 'concat', args, distinct: false, ...span }
}
