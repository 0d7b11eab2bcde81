import { HogqlError } from '../../../hogql/hogql-error.ts'

/** Computes a formula for one set of series values. */
type Evaluate = (values: readonly number[]) => number

/**
 * Compiles a formula of series, such as `A / B * 100`. Series are letters from `A`. Operators: `+ - * / % **` and
 * parentheses. A division by zero gives 0, as in PostHog.
 *
 * @throws HogqlError when the formula is invalid.
 */
export function compileFormula(formula: string): Evaluate {
  const tokens = formula.match(/\*\*|[-+*/%()]|\d+(?:\.\d+)?|\.\d+|[A-Za-z]+|\S/g) ?? []
  let at = 0
  const fail = (): never => {
    throw new HogqlError(
      `Expected the formula ${JSON.stringify(formula)} to be series letters, numbers and + - * / % **`,
    )
  }
  const chain = (next: () => Evaluate, operators: readonly string[]): Evaluate => {
    let left = next()
    for (
      let operator = tokens[at];
      operator !== undefined && operators.includes(operator);
      operator = tokens[at]
    ) {
      at += 1
      left = combine(operator, left, next())
    }
    return left
  }
  const sum = (): Evaluate => chain(product, ['+', '-'])
  const product = (): Evaluate => chain(signed, ['*', '/', '%'])
  const signed = (): Evaluate => {
    if (tokens[at] !== '-' && tokens[at] !== '+') return power()
    const isNegative = tokens[at] === '-'
    at += 1
    const operand = signed()
    return isNegative ? (values) => -operand(values) : operand
  }
  const power = (): Evaluate => {
    const base = operand()
    if (tokens[at] !== '**') return base
    at += 1
    return combine('**', base, signed())
  }
  const operand = (): Evaluate => {
    const token = tokens[at] ?? fail()
    at += 1
    if (token === '(') {
      const inside = sum()
      if (tokens[at] !== ')') fail()
      at += 1
      return inside
    }
    if (/^[A-Za-z]$/.test(token)) {
      const index = token.toUpperCase().charCodeAt(0) - 65
      return (values) => values[index] ?? fail()
    }
    const number = Number(token)
    return Number.isNaN(number) ? fail() : () => number
  }
  const evaluate = sum()
  return at === tokens.length ? evaluate : fail()
}

function combine(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  return (values) => {
    const [a, b] = [left(values), right(values)]
    if (operator === '+') return a + b
    if (operator === '-') return a - b
    if (operator === '*') return a * b
    if (operator === '**') return a ** b
    if (b === 0) return 0
    // The sign of Python's remainder is that of the divisor.
    return operator === '/' ? a / b : ((a % b) + b) % b
  }
}
