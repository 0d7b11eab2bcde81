import { POWER } from './expression-power.ts'
import { INTERVALS } from './keywords.ts'
import type { Parser } from './parser.ts'
import type { Expression } from './tree.ts'

/** Forms that begin with a keyword. Undefined when the keyword is a name here. */
export function parseKeyword(parser: Parser): Expression | undefined {
  const { tokens } = parser
  const { keyword, start } = tokens.peek()
  const span = (): { start: number; end: number } => ({ start, end: tokens.end })
  if (keyword === 'NOT') {
    tokens.take()
    return { node: 'Not', expr: parser.expression(POWER.not), ...span() }
  }
  if (keyword === 'CASE') return parseCase(parser)
  if (keyword === 'INTERVAL') return parseInterval(parser)
  if (keyword === 'LAMBDA' && tokens.isName(1)) {
    tokens.take()
    const args = [tokens.expectName().value]
    while (tokens.takeSymbol(',') && tokens.isName()) args.push(tokens.take().value)
    tokens.expectSymbol(':')
    return { node: 'Lambda', args, expr: parser.expression(), ...span() }
  }
  return undefined
}

function parseCase(parser: Parser): Expression {
  const { tokens } = parser
  const { start } = tokens.expectWord('CASE')
  const subject = tokens.isWord('WHEN') ? undefined : parser.expression()
  const args: Expression[] = subject === undefined ? [] : [subject]
  do {
    tokens.expectWord('WHEN')
    args.push(parser.expression())
    tokens.expectWord('THEN')
    args.push(parser.expression())
  } while (tokens.isWord('WHEN'))
  const { start: at } = tokens.peek()
  args.push(
    tokens.takeWord('ELSE') ? parser.expression() : { node: 'Constant', value: null, start: at, end: at },
  )
  const { end } = tokens.expectWord('END')
  const name = subject !== undefined ? '_caseWithExpression' : args.length === 3 ? 'if' : 'multiIf'
  return { node: 'Call', name, args, distinct: false, start, end }
}

function parseInterval(parser: Parser): Expression {
  const { tokens } = parser
  const { start } = tokens.expectWord('INTERVAL')
  const call = (unit: string, count: Expression): Expression => {
    const name = `toInterval${unit[0]?.toUpperCase()}${unit.slice(1).toLowerCase()}`
    return { node: 'Call', name, args: [count], distinct: false, start, end: tokens.end }
  }
  const text = tokens.peek()
  if (text.kind === 'string' && !INTERVALS.has(tokens.peek(1).keyword)) {
    const match = /^\s*(\d+)\s+(second|minute|hour|day|week|month|quarter|year)s?\s*$/i.exec(text.value)
    if (match === null) throw tokens.unexpected()
    tokens.take()
    return call(match[2] ?? '', {
      node: 'Constant',
      value: Number(match[1]),
      start: text.start,
      end: text.end,
    })
  }
  const count = parser.expression()
  const unit = tokens.peek()
  if (!INTERVALS.has(unit.keyword)) throw tokens.unexpected()
  tokens.take()
  return call(unit.keyword === 'YYYY' ? 'year' : unit.value, count)
}
