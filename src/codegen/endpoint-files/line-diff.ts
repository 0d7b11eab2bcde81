/** A line of a diff. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Number of line pairs that are compared. Larger texts are shown as removed and added as a whole. */
const maxPairs = 4_000_000

/** Compares two texts by line: a longest common subsequence, removed lines before added ones. */
export function diffLines(from: string, to: string): DiffLine[] {
  const before = splitLines(from)
  const after = splitLines(to)
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  const rest = Math.min(before.length, after.length) - start
  while (end < rest && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [
    ...before.slice(0, start).map(same),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}

const splitLines = (text: string): string[] => (text === '' ? [] : text.split('\n'))

function diffMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text })
  const added = (text: string): DiffLine => ({ kind: 'added', text })
  if (before.length * after.length > maxPairs) return [...before.map(removed), ...after.map(added)]
  const lengths = commonLengths(before, after)
  const at = (left: number, right: number): number => lengths[left]?.[right] ?? 0
  const lines: DiffLine[] = []
  let left = 0
  let right = 0
  while (left < before.length || right < after.length) {
    const old = before[left]
    const fresh = after[right]
    if (old !== undefined && old === fresh) {
      lines.push({ kind: 'same', text: old })
      left += 1
      right += 1
    } else if (old !== undefined && (fresh === undefined || at(left + 1, right) >= at(left, right + 1))) {
      lines.push(removed(old))
      left += 1
    } else if (fresh !== undefined) {
      lines.push(added(fresh))
      right += 1
    }
  }
  return lines
}

/** Length of the longest common subsequence of each pair of ends. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1))
  for (let left = before.length - 1; left >= 0; left -= 1) {
    const row = lengths[left]
    const below = lengths[left + 1]
    if (row === undefined || below === undefined) continue
    for (let right = after.length - 1; right >= 0; right -= 1) {
      row[right] =
        before[left] === after[right]
          ? 1 + (below[right + 1] ?? 0)
          : Math.max(below[right] ?? 0, row[right + 1] ?? 0)
    }
  }
  return lengths
}
