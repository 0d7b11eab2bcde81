import { isObject } from '../../../shared/is-object.ts'
import { invalid } from '../../http/api-error.ts'
import { jsonResponse } from '../../http/json.ts'
import type { Call } from '../../http/route.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { choice, type Fields, integer, number, object } from '../../store/fields.ts'
import { readFields } from '../../store/read-fields.ts'

const METRIC_TYPES = ['funnel', 'mean_count', 'mean_sum_or_avg', 'ratio', 'retention'] as const
type MetricType = (typeof METRIC_TYPES)[number]

const BODY: Fields = {
  metric_type: choice(METRIC_TYPES, { required: true }),
  minimum_detectable_effect: number({ required: true }),
  number_of_variants: integer({ default: 2 }),
  exposure_rate_per_day: number({ nullable: true }),
  baseline_value: number({ nullable: true }),
  variance: number({ nullable: true }),
  baseline_stats: object({ nullable: true }),
}
const STATS: Fields = {
  number_of_samples: integer({ required: true }),
  sum: number({ required: true }),
  sum_squares: number({ default: 0 }),
  denominator_sum: number({ nullable: true }),
  denominator_sum_squares: number({ nullable: true }),
  numerator_denominator_sum_product: number({ nullable: true }),
}

/** 16 (p (1 - p)) / d² samples per variant detect an effect d with 95 % confidence and 80 % power. */
const SAMPLES_FACTOR = 16

/**
 * `POST …/calculate_running_time`: the sample size and running time of an experiment.
 *
 * Source: PostHog/posthog products/experiments/backend/running_time_calculator.py.
 */
export function calculateRunningTime({ body }: Call): Response {
  const input = readFields(BODY, body)
  const type = input['metric_type'] as MetricType
  const effect = Number(input['minimum_detectable_effect'])
  if (!(effect > 0)) throw invalid('minimum_detectable_effect', 'Must be greater than 0.')
  const variants = Number(input['number_of_variants'])
  if (variants < 2) {
    throw invalid('number_of_variants', 'Ensure this value is greater than or equal to 2.', 'min_value')
  }
  const stats = isObject(input['baseline_stats']) ? readFields(STATS, input['baseline_stats']) : undefined
  checkBaseline(type, input, stats)
  const baseline = numberIn(input, 'baseline_value') ?? baselineOf(type, stats, listIn(input, 'step_counts'))
  const variance =
    numberIn(input, 'variance') ?? (baseline === null ? null : varianceOf(type, baseline, stats))
  const size = baseline === null ? null : sampleSize(type, baseline, effect, variants, variance)
  const rate = numberIn(input, 'exposure_rate_per_day') ?? 0
  return jsonResponse(200, {
    baseline_value: baseline,
    variance,
    recommended_sample_size: size,
    recommended_running_time_days: size === null || size === 0 || rate <= 0 ? null : Math.ceil(size / rate),
  })
}

function checkBaseline(type: MetricType, input: JsonRecord, stats: JsonRecord | undefined): void {
  const value = numberIn(input, 'baseline_value')
  if (value === null && stats === undefined) {
    throw invalid(null, 'Provide either baseline_value or baseline_stats.')
  }
  if (type !== 'ratio' && type !== 'retention') return
  if (value !== null && numberIn(input, 'variance') !== null) return
  if (stats === undefined) {
    const detail = 'Ratio and retention metrics require baseline_stats, or both baseline_value and variance.'
    throw invalid(null, detail)
  }
  if (!numberIn(stats, 'denominator_sum')) {
    throw invalid('baseline_stats__denominator_sum', 'Required to size ratio and retention metrics.')
  }
}

function baselineOf(
  type: MetricType,
  stats: JsonRecord | undefined,
  steps: readonly number[],
): number | null {
  const samples = numberIn(stats, 'number_of_samples')
  const sum = numberIn(stats, 'sum') ?? 0
  if (!samples) return null
  if (type === 'ratio' || type === 'retention') {
    const total = numberIn(stats, 'denominator_sum')
    return total ? sum / total : null
  }
  return ((type === 'funnel' ? steps.at(-1) : undefined) ?? sum) / samples
}

function varianceOf(type: MetricType, baseline: number, stats: JsonRecord | undefined): number | null {
  if (type === 'funnel') return null
  if (type === 'mean_count') return 2 * baseline
  if (type === 'mean_sum_or_avg') return 0.25 * baseline ** 2
  return ratioVariance(stats)
}

/** The variance of a ratio of means, by the delta method. */
function ratioVariance(stats: JsonRecord | undefined): number | null {
  const samples = numberIn(stats, 'number_of_samples')
  const total = numberIn(stats, 'denominator_sum')
  if (!samples || !total) return null
  const mean = (name: string): number => (numberIn(stats, name) ?? 0) / samples
  const [top, bottom] = [mean('sum'), total / samples]
  const topVariance = mean('sum_squares') - top ** 2
  const bottomVariance = mean('denominator_sum_squares') - bottom ** 2
  const covariance = mean('numerator_denominator_sum_product') - top * bottom
  return (
    topVariance / bottom ** 2 +
    (top ** 2 * bottomVariance) / bottom ** 4 -
    (2 * top * covariance) / bottom ** 3
  )
}

function sampleSize(
  type: MetricType,
  baseline: number,
  effect: number,
  variants: number,
  variance: number | null,
): number | null {
  const difference = (effect / 100) * baseline
  const spread = type === 'funnel' ? baseline * (1 - baseline) : variance
  if (difference === 0 || spread === null) return null
  return Math.ceil(((SAMPLES_FACTOR * spread) / difference ** 2) * variants)
}

function numberIn(record: JsonRecord | undefined, name: string): number | null {
  const value = record?.[name]
  return typeof value === 'number' ? value : null
}

function listIn(input: JsonRecord, name: string): number[] {
  const stats = input['baseline_stats']
  const value = isObject(stats) ? stats[name] : undefined
  return Array.isArray(value) ? value.map(Number) : []
}
