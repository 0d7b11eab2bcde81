import { invalid, notImplemented } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import type { FunnelRules } from './walk-funnel.ts'

const DEFAULT_WINDOW_DAYS = 14
/** Seconds of the units of a conversion window. A month has 31 days, as in PostHog. */
const UNITS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 7 * 86_400,
  month: 31 * 86_400,
}
const ORDERS = ['ordered', 'strict', 'unordered'] as const

/** Reads the order and the conversion window of a funnel. Default: ordered, 14 days. */
export function funnelRules(filter: unknown, steps: number): FunnelRules {
  const requested = member(filter, 'funnelOrderType') ?? 'ordered'
  const order = ORDERS.find((known) => known === requested)
  if (order === undefined) throw notImplemented(`the funnelOrderType ${String(requested)}`)
  const exclusions = member(filter, 'exclusions')
  if (order === 'unordered' && Array.isArray(exclusions) && exclusions.length > 0) {
    throw notImplemented('exclusions of unordered funnels')
  }
  const attribution = member(filter, 'breakdownAttributionValue') ?? 0
  if (order === 'unordered' && member(filter, 'breakdownAttributionType') === 'step' && attribution !== 0) {
    throw invalid(null, 'Only the first step can be used for breakdown attribution in unordered funnels')
  }
  const unit = UNITS[String(member(filter, 'funnelWindowIntervalUnit') ?? 'day')]
  if (unit === undefined)
    throw invalid('funnelWindowIntervalUnit', `Expected one of ${Object.keys(UNITS).join(', ')}.`)
  const count = Number(member(filter, 'funnelWindowInterval') ?? DEFAULT_WINDOW_DAYS)
  return { steps, order, window: count * unit * 1_000 }
}
