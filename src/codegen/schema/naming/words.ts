/**
 * Words of a path segment or component name, lower case: `saved_queries`, `test-delivery`, `openapi.json`,
 * `explainLogWithAI` and `@me` all split at their joints. Digits stay with the word they stand in.
 */
export function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

/** `['saved', 'queries']` to `SavedQueries`. */
export function pascalCase(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** `['saved', 'queries']` to `savedQueries`. */
export function camelCase(words: readonly string[]): string {
  const name = pascalCase(words)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** `['saved', 'queries']` to `saved_queries`. */
export function snakeCase(words: readonly string[]): string {
  return words.join('_')
}
