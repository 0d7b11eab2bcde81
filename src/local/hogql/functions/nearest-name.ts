const CUTOFF = 0.6

/**
 * The name that is most similar to another one, or undefined if none is similar enough. This is Python's
 * `difflib.get_close_matches(name, names, 1)`, which PostHog uses for its suggestions.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly score: number } | undefined
  for (const candidate of names) {
    if (upperBound(candidate, name) < Math.max(CUTOFF, best?.score ?? 0)) continue
    const score = similarity(candidate, name)
    // Python orders equal scores by name and takes the last.
    const wins = best === undefined || score > best.score || (score === best.score && candidate > best.name)
    if (score >= CUTOFF && wins) best = { name: candidate, score }
  }
  return best?.name
}

/** Twice the number of matching characters by the number of all characters: from 0 to 1. */
function similarity(a: string, b: string): number {
  return a.length + b.length === 0 ? 1 : (2 * matches(a, b)) / (a.length + b.length)
}

function upperBound(a: string, b: string): number {
  return (2 * Math.min(a.length, b.length)) / (a.length + b.length)
}

/** Length of the longest common block, plus the matches to its left and to its right. */
function matches(a: string, b: string): number {
  const block = longestBlock(a, b)
  if (block.length === 0) return 0
  return (
    block.length +
    matches(a.slice(0, block.a), b.slice(0, block.b)) +
    matches(a.slice(block.a + block.length), b.slice(block.b + block.length))
  )
}

interface Block {
  readonly a: number
  readonly b: number
  readonly length: number
}

/** The longest common block. Of equally long ones, the first in `a`, then the first in `b`. */
function longestBlock(a: string, b: string): Block {
  let best: Block = { a: 0, b: 0, length: 0 }
  let previous: number[] = []
  for (let i = 0; i < a.length; i += 1) {
    const lengths: number[] = []
    for (let j = 0; j < b.length; j += 1) {
      if (a[i] !== b[j]) continue
      const length = (previous[j - 1] ?? 0) + 1
      lengths[j] = length
      if (length > best.length) best = { a: i - length + 1, b: j - length + 1, length }
    }
    previous = lengths
  }
  return best
}
