/** The sums of a variant's samples, from which the statistics are computed. */
export interface VariantSums {
  readonly key: string
  readonly number_of_samples: number
  readonly sum: number
  readonly sum_squares: number
  readonly step_counts?: readonly number[]
  readonly denominator_sum?: number
  readonly denominator_sum_squares?: number
  readonly numerator_denominator_sum_product?: number
}

const MIN_EXPOSURES = 50
const MIN_CONVERSIONS = 5
const SIGNIFICANCE = 0.95
const Z_95 = 1.959964

/** The reasons why a variant has too little data. */
export function validationFailures(variant: VariantSums, baseline: boolean): string[] {
  const failures: string[] = []
  if (variant.number_of_samples < MIN_EXPOSURES) failures.push('not-enough-exposures')
  if (variant.step_counts !== undefined && variant.sum < MIN_CONVERSIONS) {
    failures.push('not-enough-metric-data')
  }
  if (baseline && variant.sum === 0) failures.push('baseline-mean-is-zero')
  return failures
}

/** Compares a variant with the baseline: the posterior of the relative difference, with a flat prior. */
export function compareToBaseline(
  baseline: VariantSums,
  variant: VariantSums,
  decrease: boolean,
): Readonly<Record<string, unknown>> {
  const failures = [...validationFailures(baseline, true), ...validationFailures(variant, false)]
  const control = meanOf(baseline)
  const test = meanOf(variant)
  const difference = (test.mean - control.mean) / control.mean
  const variance = test.variance / control.mean ** 2 + (test.mean ** 2 * control.variance) / control.mean ** 4
  if (failures.length > 0 || !(variance > 0)) {
    return { method: 'bayesian', chance_to_win: null, credible_interval: null, significant: false }
  }
  const deviation = Math.sqrt(variance)
  const chance = normalCdf(((decrease ? -1 : 1) * difference) / deviation)
  return {
    method: 'bayesian',
    chance_to_win: chance,
    credible_interval: [difference - Z_95 * deviation, difference + Z_95 * deviation],
    significant: chance > SIGNIFICANCE || chance < 1 - SIGNIFICANCE,
  }
}

/** The mean of a sample and the variance of the mean. */
function meanOf(sums: VariantSums): { readonly mean: number; readonly variance: number } {
  const { number_of_samples: n, sum, sum_squares: squares, denominator_sum: total } = sums
  const variance = (sum_squares: number, of: number): number => (sum_squares - of ** 2 / n) / (n - 1)
  if (total === undefined) return { mean: sum / n, variance: variance(squares, sum) / n }
  const ratio = sum / total
  const average = total / n
  const product = sums.numerator_denominator_sum_product ?? 0
  const covariance = (product - (sum * total) / n) / (n - 1)
  const spread =
    variance(squares, sum) +
    ratio ** 2 * variance(sums.denominator_sum_squares ?? 0, total) -
    2 * ratio * covariance
  return { mean: ratio, variance: spread / average ** 2 / n }
}

/** Cumulative distribution function of the standard normal, to seven digits (Abramowitz and Stegun 26.2.17). */
function normalCdf(at: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(at))
  const density = Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI)
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return at >= 0 ? 1 - density * series : density * series
}
