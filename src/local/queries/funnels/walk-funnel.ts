import type { FunnelEvent } from './funnel-events.ts'

/** The rules of a funnel. */
export interface FunnelRules {
  readonly steps: number
  /** Longest time from the first step to any other, in milliseconds. */
  readonly window: number
  readonly order: 'ordered' | 'strict' | 'unordered'
  /** Whether an event may take a step of an attempt. Default: always. */
  readonly accepts?: (event: FunnelEvent, step: number) => boolean
}

/** A way of one actor through a funnel. */
export interface Attempt {
  /** Times of the steps taken, in milliseconds since 1970. */
  readonly times: readonly number[]
  /** An exclusion came after the last step (`open`), or between two steps (`passed`). */
  readonly excluded: 'no' | 'open' | 'passed'
}

/** The attempt that gets furthest, the first one of these. Undefined when no event is a first step. */
export function walkFunnel(events: readonly FunnelEvent[], rules: FunnelRules): Attempt | undefined {
  return rules.order === 'unordered' ? walkInAnyOrder(events, rules) : walkInOrder(events, rules)
}

/**
 * Follows the latest attempt at each step: a later start has more of its window left. An exclusion ends an attempt,
 * but a new one may start.
 */
function walkInOrder(events: readonly FunnelEvent[], rules: FunnelRules): Attempt | undefined {
  const latest: (Attempt | undefined)[] = []
  let best: Attempt | undefined
  const isInTime = (attempt: Attempt, time: number): boolean => time - startOf(attempt) <= rules.window
  const take = (event: FunnelEvent, step: number, used: Map<Attempt, FunnelEvent>): void => {
    const before = step === 1 ? EMPTY : latest[step - 1]
    if (before === undefined || (step > 1 && !isInTime(before, event.time))) return
    if (rules.accepts?.(event, step) === false || used.get(before) === event) return
    const reached = latest[step]
    if (step > 1 && reached !== undefined && startOf(reached) === startOf(before)) return
    if (step === 1 && reached !== undefined && startOf(reached) === event.time) return
    const isExcluded = before.excluded !== 'no'
    const after: Attempt = { times: [...before.times, event.time], excluded: isExcluded ? 'passed' : 'no' }
    used.set(after, event)
    if (!isExcluded) latest[step] = after
    const length = best?.times.length ?? 0
    if (step > length || (step === length && best?.excluded !== 'no')) best = after
  }
  const exclude = (event: FunnelEvent, step: number): void => {
    const attempt = latest[step]
    if (attempt === undefined || attempt.excluded !== 'no' || !isInTime(attempt, event.time)) return
    latest[step] = { ...attempt, excluded: 'open' }
    if (best?.times.length === step && isInTime(best, event.time)) best = { ...best, excluded: 'open' }
  }
  for (const moment of byTime(events)) {
    const used = new Map<Attempt, FunnelEvent>()
    if (isUniform(moment)) {
      for (const event of moment) {
        // From the last step: one event takes one step of an attempt.
        const marks = [
          ...event.steps.map((step) => ({ step, isExclusion: false })),
          ...event.exclusions.map((step) => ({ step: step + 1, isExclusion: true })),
        ].sort((a, b) => b.step - a.step)
        for (const { step, isExclusion } of marks) {
          if (isExclusion) exclude(event, step - 1)
          else take(event, step, new Map())
        }
        if (rules.order === 'strict') {
          for (let step = 1; step <= rules.steps; step += 1)
            if (!event.steps.includes(step)) latest[step] = undefined
        }
      }
    } else {
      // Events of the same time have no order: they take steps in the order of the funnel.
      const pairs = moment.flatMap((event) => event.steps.map((step) => ({ event, step })))
      for (const { event, step } of pairs.sort((a, b) => a.step - b.step)) take(event, step, used)
    }
    if (latest[rules.steps] !== undefined) break
  }
  return best
}

const EMPTY: Attempt = { times: [], excluded: 'no' }

function startOf(attempt: Attempt): number {
  return attempt.times[0] ?? 0
}

function byTime(events: readonly FunnelEvent[]): FunnelEvent[][] {
  const moments: FunnelEvent[][] = []
  for (const event of events) {
    const current = moments.at(-1)
    if (current?.[0]?.time === event.time) current.push(event)
    else moments.push([event])
  }
  return moments
}

function isUniform(events: readonly FunnelEvent[]): boolean {
  const key = ({ steps, exclusions }: FunnelEvent): string => JSON.stringify([steps, exclusions])
  return events.every((event) => key(event) === key(events[0] ?? event))
}

/** Counts the different steps inside a window, in any order. */
function walkInAnyOrder(events: readonly FunnelEvent[], rules: FunnelRules): Attempt | undefined {
  const waiting: number[][] = Array.from({ length: rules.steps }, () => [])
  let best: Attempt | undefined
  for (const event of events) {
    const [step] = event.steps
    if (step === undefined || rules.accepts?.(event, step) === false) continue
    waiting[step - 1]?.push(event.time)
    for (const times of waiting) {
      while (times[0] !== undefined && event.time - times[0] > rules.window) times.shift()
    }
    const first = waiting.flatMap((times) => times.slice(0, 1))
    if (first.length > (best?.times.length ?? 0))
      best = { times: first.sort((a, b) => a - b), excluded: 'no' }
    if (first.length === rules.steps) break
  }
  return best
}
