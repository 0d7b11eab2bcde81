import type { HogqlFunction } from './function.ts'
import { parseFunctionTable } from './function-table.ts'

interface Combinator {
  /** Arguments that the combinator adds. */
  readonly added: 0 | 1
  /** Combinators that may follow. */
  readonly next: readonly string[]
}

const ON_VALUES: readonly string[] = ['If', 'OrDefault', 'OrNull']

const COMBINATORS: Readonly<Record<string, Combinator>> = {
  If: { added: 1, next: [] },
  Array: { added: 0, next: ON_VALUES },
  Map: { added: 0, next: ON_VALUES },
  State: { added: 0, next: ON_VALUES },
  Merge: { added: 0, next: ON_VALUES },
  ForEach: { added: 0, next: ON_VALUES },
  OrDefault: { added: 0, next: ['If'] },
  OrNull: { added: 0, next: ['If'] },
  ArgMin: { added: 1, next: ON_VALUES },
  ArgMax: { added: 1, next: ON_VALUES },
}

/** Aggregations that take every combinator. */
const COMBINED = parseFunctionTable(
  `
    0-1 count
    1   avg sum min max countDistinct median
  `,
  { aggregate: true },
)

/**
 * Aggregations that HogQL accepts.
 *
 * Source: posthog/hogql/functions/aggregations.py of PostHog/posthog.
 */
export const AGGREGATE_FUNCTIONS: ReadonlyMap<string, HogqlFunction> = new Map([
  ...[...COMBINED].flatMap(([name, definition]) => combine(name, definition, Object.keys(COMBINATORS))),
  ...parseFunctionTable(
    `
    0-1 count~ countState
    1-2 countIf countStateIf countDistinctIf
    1   countMerge countDistinct
    2-3 countMapIf
    1   min~ max~ sum~ avg~ any sumForEach minForEach sumForEachState sumForEachMerge
    2   minIf maxIf sumIf avgIf anyIf
    1   avgMap avgMapMerge avgState avgMerge avgArray=avgArrayOrNull sumMerge sumState medianArray=medianArrayOrNull
    2-3 avgMapIf avgMapState sumMapIf minMapIf maxMapIf
    2   avgMapMergeIf avgStateIf avgMergeIf avgWeighted sumMergeIf sumStateIf sumMapMergeIf
    3   avgWeightedIf
    1-2 sumMap minMap maxMap
    1   sumMapMerge
    1   stddevPop stddevSamp varPop varSamp skewSamp skewPop kurtSamp kurtPop
    2   stddevPopIf stddevSampIf varPopIf varSampIf skewSampIf skewPopIf kurtSampIf kurtPopIf
    2   covarPop covarSamp corr argMin argMax argMinState argMaxState deltaSumTimestamp simpleLinearRegression
    2   contingency cramersV cramersVBiasCorrected theilsU maxIntersections maxIntersectionsPosition
    3   covarPopIf covarSampIf argMinIf argMaxIf deltaSumTimestampIf simpleLinearRegressionIf contingencyIf
    3   cramersVIf cramersVBiasCorrectedIf theilsUIf maxIntersectionsIf maxIntersectionsPositionIf
    1   argMinMerge argMaxMerge anyHeavy anyLast array_agg=groupArray groupArray topK(1) groupUniqArray
    2   anyHeavyIf anyLastIf groupArrayIf groupUniqArrayIf
    1   groupUniqArrayArray groupArrayMovingAvg groupArrayMovingSum groupArraySample(1-2)
    2   groupUniqArrayArrayIf groupArrayMovingAvgIf groupArrayMovingSumIf groupArraySampleIf(1-2) groupArrayInsertAt
    3   groupArrayInsertAtIf
    1   groupBitAnd groupBitOr groupBitXor groupBitmap groupBitmapState groupBitmapAnd groupBitmapAndState
    1   groupBitmapOr groupBitmapOrState groupBitmapXor sumWithOverflow deltaSum
    2   groupBitAndIf groupBitOrIf groupBitXorIf groupBitmapIf groupBitmapAndIf groupBitmapOrIf groupBitmapXorIf
    2   sumWithOverflowIf deltaSumIf
    1+  uniq uniqExact uniqExactState uniqExactMerge uniqHLL12 uniqTheta
    2+  uniqIf uniqExactIf uniqHLL12If uniqThetaIf
    1   uniqMerge uniqMap uniqMapMerge uniqState uniqUpToMerge(1)
    2   uniqMergeIf uniqMapMergeIf uniqStateIf
    1   median medianExact medianExactLow medianExactHigh medianExactWeighted medianTiming medianTimingWeighted
    1   medianDeterministic medianTDigest medianTDigestWeighted medianBFloat16
    2   medianIf medianExactIf medianExactLowIf medianExactHighIf medianExactWeightedIf medianTimingIf
    2   medianTimingWeightedIf medianDeterministicIf medianTDigestIf medianTDigestWeightedIf medianBFloat16If
    0   percentile_cont(1) percentile_disc(1)
    1   quantile(1) quantileExact(1) quantilesState(1+) quantilesMerge(1+)
    2   quantileIf(1) quantilesIf(1) quantilesStateIf(1+) quantilesMergeIf(1+)
    1+  quantiles
    1-99 windowFunnel
  `,
    { aggregate: true },
  ),
])

/** Aggregations whose names may be the first argument of `arrayReduce`, in exactly this case. */
export const ARRAY_REDUCE: ReadonlySet<string> = new Set([
  ...['count', 'countMap', 'countMapState', 'sum', 'sumMap', 'sumMapState', 'min', 'minMap', 'minMapState'],
  ...['max', 'maxMap', 'maxMapState', 'avg', 'avgState', 'avgMap', 'avgMapState', 'median', 'uniq'],
  ...['uniqState', 'uniqMap', 'uniqMapState'],
])

/** An aggregation with every chain of combinators: `sumArray`, `sumArrayOrNull`, `sumArrayOrNullIf`, … */
function combine(
  name: string,
  definition: HogqlFunction,
  combinators: readonly string[],
): [string, HogqlFunction][] {
  return combinators.flatMap((suffix) => {
    const combinator = COMBINATORS[suffix]
    if (combinator === undefined) return []
    const combined = {
      ...definition,
      clickhouse: name + suffix,
      min: definition.min + combinator.added,
      max: definition.max === undefined ? undefined : definition.max + combinator.added,
    }
    return [[name + suffix, combined], ...combine(name + suffix, combined, combinator.next)]
  })
}
