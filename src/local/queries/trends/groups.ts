import { type Breakdown, NONE, OTHER } from '../breakdown.ts'

/** The numbers of one combination of breakdown values. */
export interface Group {
  readonly values: readonly string[]
  /** One number per step; a single one for a total. */
  readonly data: readonly number[]
}

/** Groups the rows of a series by their breakdown values. `steps` are the texts of the steps in order. */
export function groupRows(
  rows: readonly (readonly unknown[])[],
  steps: readonly string[],
  breakdowns: readonly Breakdown[],
): Group[] {
  const position = new Map(steps.map((step, index) => [step, index]))
  const labels = breakdowns.map((breakdown, index) =>
    binLabels(
      breakdown,
      rows.map((row) => row[index + 1]),
    ),
  )
  const groups = new Map<string, { values: string[]; data: number[] }>()
  for (const row of rows) {
    const at = position.get(String(row[0]))
    if (at === undefined) continue
    const values = labels.map((label, index) => label(row[index + 1]))
    const key = JSON.stringify(values)
    const group = groups.get(key) ?? { values, data: steps.map(() => 0) }
    group.data[at] = (group.data[at] ?? 0) + Number(row.at(-1) ?? 0)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/**
 * Sorts groups by size, those without a value last, and combines all beyond the limit.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/trends/trends_query_builder.py
 */
export function limitGroups(groups: readonly Group[], limit: number): Group[] {
  const sorted = [...groups].sort(compareGroups)
  const [first, ...others] = sorted.slice(limit)
  if (first === undefined) return sorted
  const data = others.reduce<readonly number[]>(
    (sum, group) => sum.map((value, index) => value + (group.data[index] ?? 0)),
    first.data,
  )
  return [...sorted.slice(0, limit), { values: first.values.map(() => OTHER), data }]
}

export function total(data: readonly number[]): number {
  return data.reduce((sum, value) => sum + value, 0)
}

function compareGroups(a: Group, b: Group): number {
  const rank = ({ values }: Group): number => (values.includes(NONE) ? 1 : 0)
  const byText = JSON.stringify(a.values) < JSON.stringify(b.values) ? -1 : 1
  return rank(a) - rank(b) || total(b.data) - total(a.data) || byText
}

/** Label of a breakdown value: the text, or the bin `[from,to]` that contains the number. */
function binLabels({ bins }: Breakdown, cells: readonly unknown[]): (cell: unknown) => string {
  if (bins === undefined) return String
  const numbers = cells.filter((cell) => cell !== null).map(Number)
  const min = Math.min(...numbers)
  const size = (Math.max(...numbers) - min) / bins
  // The last bin is slightly longer, so that it contains the greatest number.
  const edges = Array.from({ length: bins }, (_, at) => [
    size * at + min,
    size * (at + 1) + min + (at + 1 === bins ? 0.01 : 0),
  ])
  return (cell) => {
    const number = Number(cell)
    const bin =
      cell === null ? undefined : edges.find(([from, to]) => number >= Number(from) && number < Number(to))
    return bin === undefined ? NONE : `[${bin.join(',')}]`
  }
}
