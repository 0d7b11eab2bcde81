/** Words that end like a plural and are none, or that name one thing in the plural. */
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

/** Plurals whose singular no rule below finds. */
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

/** Whether an English word of a path names several things. */
export function isPlural(word: string): boolean {
  return Object.hasOwn(irregular, word) || (/[^s]s$/.test(word) && word.length > 2 && !uncountable.has(word))
}

/** The word for one of them; a word that is not a plural comes back as it is. */
export function singular(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined
  if (known !== undefined) return known
  if (!isPlural(word)) return word
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
