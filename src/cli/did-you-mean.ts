/**
 * The candidate with the fewest letters to change, add or drop; undefined when a third of the letters or more would
 * have to. Case and the separators `-` and `_` do not count.
 */
export function closest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const steps = distance(letters(name), letters(candidate))
    if (steps < least) [best, least] = [candidate, steps]
  }
  return least <= Math.max(1, Math.floor(name.length / 3)) ? best : undefined
}

/** `Did you mean "x"?` or the names there are, ten at most. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const meant = closest(name, candidates)
  if (meant !== undefined) return `Did you mean "${meant}"?`
  if (candidates.length === 0) return 'There are none.'
  const rest = candidates.length > 10 ? ` and ${candidates.length - 10} more` : ''
  return `There are ${candidates.slice(0, 10).join(', ')}${rest}.`
}

const letters = (name: string): string => name.toLowerCase().replace(/[-_]/g, '')

/** Levenshtein's distance, one row at a time. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column += 1) {
      const replace = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
