/** Such as `1 row` and `20 rows`. */
export function countOfRows(rows: number): string {
  return `${rows} ${rows === 1 ? 'row' : 'rows'}`
}
