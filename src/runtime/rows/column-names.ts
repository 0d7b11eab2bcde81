/**
 * Names under which a row's cells become properties. PostHog lets two columns have one name; the second becomes
 * `name_2`, the third `name_3`, unless a column of that name is there.
 */
export function uniqueColumnNames(columns: readonly string[]): string[] {
  const taken = new Set(columns)
  /** The number of the last column of each name. */
  const counts = new Map<string, number>()
  return columns.map((column) => {
    const last = counts.get(column)
    if (last === undefined) {
      counts.set(column, 1)
      return column
    }
    let count = last + 1
    while (taken.has(`${column}_${count}`)) count += 1
    counts.set(column, count)
    return `${column}_${count}`
  })
}
