/** How one contestant did. */
export interface Result {
  readonly name: string
  /** CPU per request in microseconds: the median of the rounds. */
  readonly cpuMicros: number
  /** CPU relative to the baseline in the same round: the median of the rounds. */
  readonly ratio: number
  /** First and third quartile of that ratio. */
  readonly quartiles: readonly [low: number, high: number]
}

/** Compares each contestant, round by round, with the mean of those that are the baseline. */
export function compare(
  costs: ReadonlyMap<string, readonly number[]>,
  baseline: readonly string[],
): Result[] {
  const base = baseline.map((name) => costs.get(name) ?? [])
  return [...costs].map(([name, own]) => {
    const ratios = own.map((cost, round) => cost / mean(base.map((other) => other[round] ?? Number.NaN)))
    return {
      name,
      cpuMicros: quantile(own, 0.5),
      ratio: quantile(ratios, 0.5),
      quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    }
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The value below which that part of the values lies, between two of them where it falls so. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place % 1)
}
