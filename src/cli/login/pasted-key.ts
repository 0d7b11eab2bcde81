import { checkKey, classifyKey } from '../../runtime/auth/credential.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'

/**
 * Reads a personal API key: from the terminal without showing it, or else from stdin.
 *
 * @throws ConfigurationError for a key that the API rejects, and UsageError without a key
 */
export async function readPastedKey(context: Context): Promise<string> {
  const { prompt, stdin, isTTY, signal } = context.io
  const isTerminal = isTTY.stdin === true && prompt !== undefined
  const text = isTerminal ? await prompt('Personal API key (not shown): ', { hidden: true }) : await stdin?.()
  signal.throwIfAborted()
  const key = text?.trim()
  if (!key) {
    throw new UsageError(
      isTerminal ? 'No key was entered.' : 'stdin has no key.',
      isTerminal ? 'Paste the key, and press Enter.' : 'Run `typehog login --with-key < file`.',
    )
  }
  context.redactSecret(key)
  if (classifyKey(key) === 'project_secret') {
    throw new UsageError(
      'The key is a project secret API key (phs_), which cannot be checked and can only run endpoints.',
      'Pass a personal API key (phx_), or set POSTHOG_PROJECT_SECRET_API_KEY instead of a profile.',
    )
  }
  return checkKey(key, 'The key')
}
