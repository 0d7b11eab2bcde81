import { NONE, OTHER } from '../breakdown.ts'
import { compileFormula } from './formula.ts'
import { total } from './groups.ts'

/** A series of a trend in the response. */
export type TrendSeries = Record<string, unknown> & {
  data: number[]
  count: number
  aggregated_value?: number
}

/** A formula with its label. */
export interface FormulaNode {
  readonly formula: string
  readonly custom_name?: unknown
}

/**
 * Applies a formula to series: one result, or one per breakdown value.
 *
 * @param series The results of each series, in the order of the query.
 * @see PostHog/posthog posthog/hogql_queries/insights/trends/trends_query_runner.py, apply_formula
 */
export function applyFormula(
  node: FormulaNode,
  series: readonly (readonly TrendSeries[])[],
  hasBreakdown: boolean,
): TrendSeries[] {
  const keyOf = (result: TrendSeries): string =>
    hasBreakdown ? JSON.stringify(result['breakdown_value']) : ''
  const keys = [...new Set(series.flat().map(keyOf))]
  const results = keys.map((key) => {
    const matching = series.map((list) => list.find((result) => keyOf(result) === key))
    return combineSeries(node, matching)
  })
  return results.sort((a, b) => rank(a) - rank(b) || sizeOf(b) - sizeOf(a) || (keyOf(a) > keyOf(b) ? -1 : 1))
}

function combineSeries(
  { formula, custom_name }: FormulaNode,
  series: readonly (TrendSeries | undefined)[],
): TrendSeries {
  const evaluate = compileFormula(formula)
  const base = series.find((result) => result !== undefined)
  if (base === undefined) throw new Error('A formula has no series.')
  const label = typeof custom_name === 'string' && custom_name !== '' ? custom_name : `Formula (${formula})`
  if (base.aggregated_value !== undefined) {
    const aggregated_value = evaluate(series.map((result) => result?.aggregated_value ?? 0))
    return { ...base, label, action: null, aggregated_value, count: 0 }
  }
  const data = base.data.map((_, index) => evaluate(series.map((result) => result?.data[index] ?? 0)))
  return { ...base, label, action: null, data, count: total(data) }
}

function rank({ breakdown_value }: TrendSeries): number {
  if (breakdown_value === OTHER) return 2
  return breakdown_value === NONE ? 1 : 0
}

function sizeOf(result: TrendSeries): number {
  return result.aggregated_value ?? total(result.data)
}
