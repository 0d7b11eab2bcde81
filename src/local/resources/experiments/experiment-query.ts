import { isObject } from '../../../shared/is-object.ts'
import { invalid, notFound } from '../../http/api-error.ts'
import type { ServerState } from '../../server-state.ts'
import type { CollectionContext } from '../../store/collection.ts'
import { flagByKey } from '../feature-flags/flag-record.ts'
import {
  type ExperimentPeriod,
  type Exposure,
  experimentVariants,
  findExperimentPeriod,
  isDuring,
  type MetricEvent,
  mathOf,
  metricEvents,
  readExposures,
  type SeriesNode,
  seriesNode,
} from './experiment-events.ts'
import { compareToBaseline, type VariantSums, validationFailures } from './experiment-statistics.ts'

type Metric = Readonly<Record<string, unknown>>
/** Sums up the metric over the exposed persons of a variant. */
type Summarize = (key: string, exposed: readonly Exposure[]) => VariantSums

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
}

/**
 * Prepares an experiment query. The returned function runs it.
 *
 * @throws ApiError 404 when the experiment does not exist, 400 for an unsupported metric.
 */
export function prepareExperimentQuery(
  state: CollectionContext & ServerState,
  project: number,
  source: Readonly<Record<string, unknown>>,
): () => Promise<Record<string, unknown>> {
  const { experiment_id: id, metric } = source
  if (typeof id !== 'number') throw invalid('query', 'experiment_id is required')
  const experiment = findExperimentPeriod(state, project, id)
  if (experiment === undefined) throw notFound(`Experiment with id ${id} not found`)
  if (!isObject(metric)) throw invalid('query', 'A metric is required')
  const prepare = createSummarizer(metric)
  return async () => {
    const exposures = await readExposures(state, experiment)
    const flag = flagByKey(state, project, experiment.flagKey)
    const summarize = await prepare(state, experiment)
    const sums = experimentVariants(flag, exposures).map((key) =>
      summarize(
        key,
        exposures.filter((exposure) => exposure.variant === key),
      ),
    )
    return toResponse(metric, sums)
  }
}

function toResponse(
  metric: Metric,
  [baseline, ...variants]: readonly VariantSums[],
): Record<string, unknown> {
  return {
    kind: 'ExperimentQuery',
    metric,
    baseline:
      baseline === undefined
        ? null
        : { ...baseline, validation_failures: validationFailures(baseline, true) },
    variant_results:
      baseline === undefined
        ? null
        : variants.map((variant) => ({
            ...variant,
            ...compareToBaseline(baseline, variant, metric['goal'] === 'decrease'),
            validation_failures: validationFailures(variant, false),
          })),
    breakdown_results: null,
    is_precomputed: false,
  }
}

function createSummarizer(
  metric: Metric,
): (state: ServerState, experiment: ExperimentPeriod) => Promise<Summarize> {
  const { metric_type: type } = metric
  const unit = UNIT_MS[String(metric['conversion_window_unit'])]
  const windowLength = metric['conversion_window']
  const window =
    typeof windowLength === 'number' && unit !== undefined ? windowLength * unit : Number.POSITIVE_INFINITY
  if (type === 'mean') return meanMetric(seriesNode(metric['source']), window)
  if (type === 'ratio') {
    return ratioMetric(seriesNode(metric['numerator']), seriesNode(metric['denominator']), window)
  }
  if (type === 'funnel' && metric['funnel_order_type'] !== 'strict') {
    const { series } = metric
    if (!Array.isArray(series) || series.length === 0) throw invalid('query', 'A funnel needs a series')
    return funnelMetric(series.map(seriesNode), window, metric['funnel_order_type'] !== 'unordered')
  }
  throw invalid('query', `The local PostHog does not support the experiment metric ${String(type)}`)
}

/** A person's events after the exposure, within the conversion window and the period of the experiment. */
function eventsInWindow(
  events: ReadonlyMap<string, readonly MetricEvent[]>,
  { person, at }: Exposure,
  window: number,
  experiment: ExperimentPeriod,
): readonly MetricEvent[] {
  return (events.get(person) ?? []).filter(
    (event) => event.at >= at && event.at <= at + window && isDuring(experiment, event.at),
  )
}

function meanMetric(node: SeriesNode, window: number): ReturnType<typeof createSummarizer> {
  const math = mathOf(node)
  return async (state, experiment) => {
    const events = await metricEvents(state, node)
    return (key, exposed) => {
      const values = exposed.map((exposure) => math(eventsInWindow(events, exposure, window, experiment)))
      return {
        key,
        number_of_samples: exposed.length,
        sum: sum(values),
        sum_squares: sumOfProducts(values, values),
      }
    }
  }
}

function ratioMetric(
  numerator: SeriesNode,
  denominator: SeriesNode,
  window: number,
): ReturnType<typeof createSummarizer> {
  const [numeratorMath, denominatorMath] = [mathOf(numerator), mathOf(denominator)]
  return async (state, experiment) => {
    const numerators = await metricEvents(state, numerator)
    const denominators = await metricEvents(state, denominator)
    return (key, exposed) => {
      const values = exposed.map((exposure) =>
        numeratorMath(eventsInWindow(numerators, exposure, window, experiment)),
      )
      const bases = exposed.map((exposure) =>
        denominatorMath(eventsInWindow(denominators, exposure, window, experiment)),
      )
      return {
        key,
        number_of_samples: exposed.length,
        sum: sum(values),
        sum_squares: sumOfProducts(values, values),
        denominator_sum: sum(bases),
        denominator_sum_squares: sumOfProducts(bases, bases),
        numerator_denominator_sum_product: sumOfProducts(values, bases),
      }
    }
  }
}

function funnelMetric(
  nodes: readonly SeriesNode[],
  window: number,
  ordered: boolean,
): ReturnType<typeof createSummarizer> {
  return async (state, experiment) => {
    const steps: Map<string, MetricEvent[]>[] = []
    for (const node of nodes) steps.push(await metricEvents(state, node))
    return (key, exposed) => {
      const reached = exposed.map((exposure) =>
        stepsReached(
          steps.map((events) => eventsInWindow(events, exposure, window, experiment)),
          ordered,
        ),
      )
      const step_counts = nodes.map((_node, index) => reached.filter((count) => count > index).length)
      const conversions = step_counts.at(-1) ?? 0
      return {
        key,
        number_of_samples: exposed.length,
        sum: conversions,
        sum_squares: conversions,
        step_counts,
      }
    }
  }
}

function stepsReached(steps: readonly (readonly MetricEvent[])[], ordered: boolean): number {
  if (!ordered) return steps.filter((events) => events.length > 0).length
  let from = 0
  for (const [index, events] of steps.entries()) {
    const next = events.find((event) => event.at >= from)
    if (next === undefined) return index
    from = next.at
  }
  return steps.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function sumOfProducts(values: readonly number[], others: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + value * (others[index] ?? 0), 0)
}
