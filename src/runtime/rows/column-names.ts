/**
 * Names under which a row's cells become properties. PostHog lets two columns have one name; the second becomes
 * `name_2`, the third `name_3`, unless a column of that name is there.
 */
export function uniqueColumnNames(columns: readonly string[]): string[] {
  const taken = new Set(columns)
  const seen = new Set<string>()
  return columns.map((column) => {
    if (!seen.has(column)) {
      seen.add(column)
      return column
    }
    let count = 2
    while (taken.has(`${column}_${count}`)) count += 1
    const name = `${column}_${count}`
    taken.add(name)
    return name
  })
}
