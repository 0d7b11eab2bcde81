import type { TokenStream } from './token-stream.ts'
import type { Constant } from './tree.ts'

/** Parses a number: decimal, hexadecimal or binary, with a fraction that may begin with a dot, INF or NAN. */
export function parseNumber(tokens: TokenStream, sign: 1 | -1): Constant {
  const { start } = tokens.peek()
  const text = tokens.takeSymbol('.') ? `.${tokens.take().value}` : tokens.take().value
  const value = sign * readNumber(text, tokens)
  const isExact = !/^\d+$/.test(text) || Number.isSafeInteger(value)
  return {
    node: 'Constant',
    value,
    ...(isExact ? {} : { digits: `${sign < 0 ? '-' : ''}${text}` }),
    start,
    end: tokens.end,
  }
}

function readNumber(text: string, tokens: TokenStream): number {
  if (/^inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY
  if (/^nan$/i.test(text)) return Number.NaN
  const hexFloat = /^0x([0-9a-f]+)(?:\.([0-9a-f]*))?p([+-]?\d+)$/i.exec(text)
  if (hexFloat !== null) {
    const [, whole = '', fraction = '', exponent = '0'] = hexFloat
    return Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length)
  }
  const value = /^0o/i.test(text) ? Number.NaN : Number(text)
  if (Number.isNaN(value)) throw tokens.unexpected()
  return value
}
