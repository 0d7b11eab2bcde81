import { ConfigurationError } from '../runtime/errors/configuration-error.ts'

/**
 * Refuses a text where a list is expected: it would be taken for a list of its characters, and "12" for 1 and 2.
 *
 * @throws ConfigurationError for a text
 */
export function refuseText(name: string, list: unknown): void {
  if (typeof list !== 'string') return
  throw new ConfigurationError({
    message: `\`${name}\` is a text; a list was expected.`,
    fix: 'Put it into brackets: a text would be read character by character. Nothing was sent.',
  })
}
