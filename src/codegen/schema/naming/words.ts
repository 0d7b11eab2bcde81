/**
 * Splits a path segment or component name (`saved_queries`, `test-delivery`, `openapi.json`, `explainLogWithAI`) into
 * lowercase words. Digits do not start a new word.
 */
export function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

/** Joins words in PascalCase: `SavedQueries`. */
export function pascalCase(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** Joins words in camelCase: `savedQueries`. */
export function camelCase(words: readonly string[]): string {
  const name = pascalCase(words)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** Joins words in snake_case: `saved_queries`. */
export function snakeCase(words: readonly string[]): string {
  return words.join('_')
}

/** Words that end in `s` but are singular or have no singular. */
const uncountable: ReadonlySet<string> = new Set([
  'access',
  'address',
  'analysis',
  'analytics',
  'bonus',
  'canvas',
  'counts',
  'details',
  'has',
  'is',
  'news',
  'process',
  'progress',
  'series',
  'settings',
  'stats',
  'status',
  'success',
  'this',
  'totals',
  'vitals',
])

/** Plurals that do not follow the rules below. */
const irregular: Readonly<Record<string, string>> = {
  aliases: 'alias',
  analyses: 'analysis',
  canvases: 'canvas',
  cookies: 'cookie',
  criteria: 'criterion',
  indices: 'index',
  matrices: 'matrix',
  movies: 'movie',
  statuses: 'status',
}

/** Whether an English word is a plural. */
export function isPlural(word: string): boolean {
  return Object.hasOwn(irregular, word) || (/[^s]s$/.test(word) && word.length > 2 && !uncountable.has(word))
}

/** Returns the singular of a word. A word that is not a plural is unchanged. */
export function singular(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined
  if (known !== undefined) return known
  if (!isPlural(word)) return word
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
