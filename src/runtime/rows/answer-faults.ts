import { DecodeError } from '../errors/decode-error.ts'

/** What to do about an answer that is not what PostHog sends. */
export const answerFix =
  'Check that the host is a PostHog app host and that nothing between rewrites its answers.'

/** The error for an answer without rows. */
export function noRows(): DecodeError {
  return new DecodeError({ message: 'The answer to a query has no `results` and `columns`.', fix: answerFix })
}

/**
 * What a parser makes of a part of an answer.
 *
 * @throws DecodeError for what is no JSON, or nested too deeply to be parsed
 */
export function parsed<Value>(parse: () => Value): Value {
  try {
    return parse()
  } catch (cause) {
    // The parser's own message quotes the body.
    if (cause instanceof SyntaxError) {
      throw new DecodeError({ message: 'The answer to a query is not JSON, or breaks off.', fix: answerFix })
    }
    if (!(cause instanceof RangeError)) throw cause
    throw new DecodeError({ message: 'The answer to a query is nested too deeply.', fix: answerFix })
  }
}

/** The columns that stand before the first row of an answer, if they do. */
export function columnsIn(head: string): string[] | undefined {
  try {
    const { columns } = JSON.parse(`${head}]}`)
    return isTexts(columns) ? columns : undefined
  } catch {
    return undefined
  }
}

/** Whether a value is a list of texts. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
