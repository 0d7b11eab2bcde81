/** Letters at the start that a misspelled name has to share with what it meant. */
const enough = 3

/** The candidate that shares the longest start with a name, whatever its case and separators. */
export function didYouMean(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let most = enough - 1
  const letters = name.toLowerCase().replace(/[_-]/g, '')
  for (const candidate of candidates) {
    let shared = 0
    while (shared < letters.length && letters[shared] === candidate[shared]?.toLowerCase()) shared += 1
    if (shared > most) [best, most] = [candidate, shared]
  }
  return best
}
