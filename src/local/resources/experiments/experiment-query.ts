import { invalid, notFound } from '../../http/api-error.ts'
import { isObject } from '../../http/json.ts'
import type { ServerState } from '../../server-state.ts'
import type { CollectionContext } from '../../store/collection.ts'
import { flagByKey } from '../feature-flags/flag-record.ts'
import { type ExperimentOfQuery, experimentOfQuery } from './experiment-of-query.ts'
import { type Exposure, experimentVariants, isInside, readExposures } from './exposures.ts'
import { type MetricEvent, mathOf, metricEvents, type SeriesNode, seriesNode } from './metric-events.ts'
import { compareToBaseline, type VariantSums, validationFailures } from './sample-statistics.ts'

type Metric = Readonly<Record<string, unknown>>
/** The sums over the persons of one variant. */
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
 * Prepares the query on an experiment; what is returned runs it.
 *
 * @throws ApiError 404 for an experiment that does not exist, 400 for a metric that is not computed here.
 */
export function prepareExperimentQuery(
  world: CollectionContext & Pick<ServerState, 'engine'>,
  project: number,
  source: Readonly<Record<string, unknown>>,
): () => Promise<Record<string, unknown>> {
  const { experiment_id: id, metric } = source
  if (typeof id !== 'number') throw invalid('query', 'experiment_id is required')
  const experiment = experimentOfQuery(world, project, id)
  if (experiment === undefined) throw notFound(`Experiment with id ${id} not found`)
  if (!isObject(metric)) throw invalid('query', 'A metric is required')
  const prepare = summarizerOf(metric)
  return async () => {
    const exposures = await readExposures(world, experiment)
    const flag = flagByKey(world, project, experiment.flagKey)
    const summarize = await prepare(world, experiment)
    const sums = experimentVariants(flag, exposures).map((key) =>
      summarize(
        key,
        exposures.filter((exposure) => exposure.variant === key),
      ),
    )
    return answerOf(metric, sums)
  }
}

function answerOf(metric: Metric, [baseline, ...variants]: readonly VariantSums[]): Record<string, unknown> {
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

function summarizerOf(
  metric: Metric,
): (world: Pick<ServerState, 'engine'>, experiment: ExperimentOfQuery) => Promise<Summarize> {
  const { metric_type: type } = metric
  const unit = UNIT_MS[String(metric['conversion_window_unit'])]
  const length = metric['conversion_window']
  const window = typeof length === 'number' && unit !== undefined ? length * unit : Number.POSITIVE_INFINITY
  if (type === 'mean') return meanMetric(seriesNode(metric['source']), window)
  if (type === 'ratio') {
    return ratioMetric(seriesNode(metric['numerator']), seriesNode(metric['denominator']), window)
  }
  if (type === 'funnel' && metric['funnel_order_type'] !== 'strict') {
    const { series } = metric
    if (!Array.isArray(series) || series.length === 0) throw invalid('query', 'A funnel needs a series')
    return funnelMetric(series.map(seriesNode), window, metric['funnel_order_type'] !== 'unordered')
  }
  throw invalid('query', `The local PostHog does not compute the experiment metric ${String(type)}`)
}

/** A person's events from the exposure on, within the window and the run of the experiment. */
function counted(
  events: ReadonlyMap<string, readonly MetricEvent[]>,
  { person, at }: Exposure,
  window: number,
  experiment: ExperimentOfQuery,
): readonly MetricEvent[] {
  return (events.get(person) ?? []).filter(
    (event) => event.at >= at && event.at <= at + window && isInside(experiment, event.at),
  )
}

function meanMetric(node: SeriesNode, window: number): ReturnType<typeof summarizerOf> {
  const math = mathOf(node)
  return async (world, experiment) => {
    const events = await metricEvents(world, node)
    return (key, exposed) => {
      const values = exposed.map((one) => math(counted(events, one, window, experiment)))
      return {
        key,
        number_of_samples: exposed.length,
        sum: total(values),
        sum_squares: products(values, values),
      }
    }
  }
}

function ratioMetric(
  numerator: SeriesNode,
  denominator: SeriesNode,
  window: number,
): ReturnType<typeof summarizerOf> {
  const [above, below] = [mathOf(numerator), mathOf(denominator)]
  return async (world, experiment) => {
    const tops = await metricEvents(world, numerator)
    const bottoms = await metricEvents(world, denominator)
    return (key, exposed) => {
      const values = exposed.map((one) => above(counted(tops, one, window, experiment)))
      const bases = exposed.map((one) => below(counted(bottoms, one, window, experiment)))
      return {
        key,
        number_of_samples: exposed.length,
        sum: total(values),
        sum_squares: products(values, values),
        denominator_sum: total(bases),
        denominator_sum_squares: products(bases, bases),
        numerator_denominator_sum_product: products(values, bases),
      }
    }
  }
}

function funnelMetric(
  nodes: readonly SeriesNode[],
  window: number,
  ordered: boolean,
): ReturnType<typeof summarizerOf> {
  return async (world, experiment) => {
    const steps: Map<string, MetricEvent[]>[] = []
    for (const node of nodes) steps.push(await metricEvents(world, node))
    return (key, exposed) => {
      const reached = exposed.map((one) =>
        stepsReached(
          steps.map((events) => counted(events, one, window, experiment)),
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

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function products(values: readonly number[], others: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + value * (others[index] ?? 0), 0)
}
