import { HogqlError } from '../hogql-error.ts'
import type { Parser } from './parser.ts'
import type { Expression, Tag, TagAttribute } from './tree.ts'

const NAME = /[a-zA-Z_][a-zA-Z0-9_-]*/y
const TEXT = /[^<{]+/y

/** Parses a tag such as `<a href={url}>text {name}</a>`. */
export function parseTag(parser: Parser): Tag {
  return parser.tokens.nested(() => parseElement(parser))
}

function parseElement(parser: Parser): Tag {
  const { tokens } = parser
  const { start } = tokens.expectSymbol('<')
  const kind = takeName(parser)
  const attributes: TagAttribute[] = []
  for (;;) {
    if (tokens.isSymbol('/') && tokens.isSymbol('>', 1)) {
      tokens.take()
      tokens.take()
      return { node: 'HogQLXTag', kind, attributes, start, end: tokens.end }
    }
    if (tokens.takeSymbol('>')) break
    attributes.push(parseAttribute(parser))
  }
  const children = parseChildren(parser, kind)
  if (children.length > 0) attributes.push({ name: 'children', value: children })
  return { node: 'HogQLXTag', kind, attributes, start, end: tokens.end }
}

function parseAttribute(parser: Parser): TagAttribute {
  const { tokens } = parser
  const name = takeName(parser)
  if (!tokens.takeSymbol('=')) {
    return { name, value: { node: 'Constant', value: true, start: tokens.end, end: tokens.end } }
  }
  if (!tokens.takeSymbol('{')) {
    const { kind, value, start, end } = tokens.peek()
    if (kind !== 'string') throw tokens.unexpected()
    tokens.take()
    return { name, value: { node: 'Constant', value, start, end } }
  }
  const value = parser.expression()
  tokens.expectSymbol('}')
  return { name, value }
}

function parseChildren(parser: Parser, kind: string): Expression[] {
  const { tokens } = parser
  const children: Expression[] = []
  for (;;) {
    const at = tokens.end
    TEXT.lastIndex = at
    const text = TEXT.exec(tokens.text)?.[0]
    if (text !== undefined) {
      tokens.seek(at + text.length)
      const value = collapseSpace(text)
      if (value !== '') children.push({ node: 'Constant', value, start: at, end: at + text.length })
    } else if (tokens.isSymbol('{')) {
      tokens.take()
      children.push(parser.expression())
      tokens.expectSymbol('}')
    } else if (tokens.isSymbol('<') && tokens.isSymbol('/', 1)) {
      tokens.take()
      tokens.take()
      const start = tokens.end
      const closing = takeName(parser)
      tokens.expectSymbol('>')
      if (closing === kind) return children
      throw new HogqlError(`Opening and closing HogQLX tags must match. Got ${kind} and ${closing}`, {
        start,
        end: tokens.end,
      })
    } else children.push(parseTag(parser))
  }
}

// As in JSX, text that is only space around a line break is no child.
function collapseSpace(text: string): string {
  return /^\s*$/.test(text) && text.includes('\n') ? '' : text
}

function takeName({ tokens }: Parser): string {
  const { start } = tokens.peek()
  NAME.lastIndex = start
  const name = NAME.exec(tokens.text)?.[0]
  if (name === undefined) throw tokens.unexpected()
  tokens.seek(start + name.length)
  return name
}
