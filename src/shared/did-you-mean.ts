import leven from 'leven'

/** Maximum number of edits (insert, delete or replace a character) in a misspelling. */
const maxEdits = 3
/** Maximum number of edits per character of the longer name. */
const maxDifference = 0.6

/** The candidate with the fewest edits; undefined when all differ too much. Ignores case, `-` and `_`. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = normalize(name)
  let closest: string | undefined
  let fewest = maxEdits + 1
  for (const candidate of candidates) {
    const other = normalize(candidate)
    const edits = leven(wanted, other)
    if (edits >= fewest || edits >= maxDifference * Math.max(wanted.length, other.length, 1)) continue
    closest = candidate
    fewest = edits
  }
  return closest
}

const normalize = (name: string): string => name.toLowerCase().replace(/[-_]/g, '')
