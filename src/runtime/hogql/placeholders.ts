import { quotedToken, tokenize } from './limit-clause.ts'

/**
 * Names in the placeholders of a query, such as `variables.since` or `filters`, each once, in order. Ignores
 * expressions, such as `{a + 1}`, and braces within strings, quoted names and comments.
 *
 * @example placeholderNames("select '{a}' where timestamp > {variables.since}") // ['variables.since']
 */
export function placeholderNames(query: string): string[] {
  const names = new Set<string>()
  /** Tokens of the innermost open brace. */
  let tokens: string[] | undefined
  let previous = ''
  for (const token of tokenize(query)) {
    // A brace after a quoted token is a field of a template string, as in `f'{event}'`.
    if (token === '{' && previous !== quotedToken) tokens = []
    else if (token === '{') tokens = undefined
    else if (token === '}') {
      const name = tokens?.join('') ?? ''
      if (/^[\w$]+(?:\.[\w$]+)*$/.test(name)) names.add(name)
      tokens = undefined
    } else tokens?.push(token)
    previous = token
  }
  return [...names]
}
