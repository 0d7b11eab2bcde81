import { invalid } from '../../http/api-error.ts'
import { member } from '../../http/json.ts'
import type { FunnelActor, FunnelEvent } from './funnel-events.ts'
import type { FunnelRules } from './walk-funnel.ts'

/** A breakdown value of an actor, with the events and the rules that count for it. */
export interface AttributedEvents {
  readonly values: readonly string[]
  readonly events: readonly FunnelEvent[]
  readonly accepts: FunnelRules['accepts']
}

/**
 * Assigns an actor to breakdown values: that of the first or last event, of a step, or every value with its events.
 * Default: `first_touch`.
 *
 * @see PostHog/posthog posthog/hogql_queries/insights/funnels/funnel_udf.py
 */
export function attribute({ events }: FunnelActor, filter: unknown): AttributedEvents[] {
  const type = member(filter, 'breakdownAttributionType') ?? 'first_touch'
  const whole = (values: readonly string[]): AttributedEvents => ({ values, events, accepts: undefined })
  const set = events.filter(({ values }) => values.some((value) => value !== ''))
  const empty = events[0]?.values.map(() => '') ?? ['']
  if (type === 'first_touch') return [whole(set[0]?.values ?? empty)]
  if (type === 'last_touch') return [whole(set.at(-1)?.values ?? empty)]
  const keyOf = (values: readonly string[]): string => JSON.stringify(values)
  if (type === 'all_events') {
    return unique(events).map((values) => ({
      values,
      events: events.filter((event) => keyOf(event.values) === keyOf(values)),
      accepts: undefined,
    }))
  }
  if (type !== 'step') throw invalid(null, `Unsupported breakdown attribution type: ${String(type)}`)
  const attributed = Number(member(filter, 'breakdownAttributionValue') ?? 0) + 1
  return unique(events.filter(({ steps }) => steps.includes(attributed))).map((values) => ({
    values,
    events,
    accepts: (event, step) => step !== attributed || keyOf(event.values) === keyOf(values),
  }))
}

function unique(events: readonly FunnelEvent[]): (readonly string[])[] {
  return [...new Map(events.map(({ values }) => [JSON.stringify(values), values])).values()]
}
