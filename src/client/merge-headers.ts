import { ConfigurationError } from '../runtime/errors/configuration-error.ts'

/**
 * Headers by their names in lower case, the later ones winning however they are spelled.
 *
 * @throws ConfigurationError for a name or value that no request may carry
 */
export function mergeHeaders(...sources: readonly unknown[]): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const source of sources) {
    if (source === undefined) continue
    for (const [name, value] of Object.entries(Object(source))) {
      // The generated functions set null to say that a form brings its own content type.
      if (value === null || value === undefined) continue
      const text = String(value)
      if (!isHeader(name, text)) throw badHeader(name)
      merged[name.toLowerCase()] = text
    }
  }
  return merged
}

/** Whether a name and a value may stand in a request (RFC 9110, 5.1 and 5.5). */
function isHeader(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}

function badHeader(name: string): ConfigurationError {
  return new ConfigurationError({
    message: `The header ${JSON.stringify(name)} has a character that no header may have.`,
    fix: 'Remove line breaks and characters beyond Latin-1, or encode them.',
  })
}
