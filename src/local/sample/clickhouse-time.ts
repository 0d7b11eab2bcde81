/** A moment as ClickHouse reads it into a DateTime64. */
export function clickHouseTime(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '')
}

/** The ISO form of a DateTime64 cell in UTC. */
export function isoTime(cell: unknown): string {
  return `${String(cell).replace(' ', 'T')}Z`
}
