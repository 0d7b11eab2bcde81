import type { Context } from './context.ts'
import { UsageError } from './errors.ts'

/**
 * Asks a question on the terminal. Only `y` and `yes` confirm.
 *
 * @throws UsageError when there is no terminal to ask on
 */
export async function confirm(context: Context, question: string): Promise<boolean> {
  const { prompt, isTTY } = context.io
  if (prompt === undefined || isTTY.stdin !== true || context.options.json === true) {
    throw new UsageError(
      'There is no terminal to confirm the changes on.',
      'Add --yes to apply them, or --dry-run to see them.',
    )
  }
  const answer = await prompt(`${question} [y/N] `)
  return /^y(?:es)?$/i.test(answer?.trim() ?? '')
}
