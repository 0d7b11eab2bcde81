import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zExperimentQueryResponse } from '../../../../src/generated/shared/zod.gen.ts'
import { createClock } from '../../../../src/local/clock.ts'
import { clickHouseTime } from '../../../../src/local/engine/sql-values.ts'
import { openProjects, type ProjectStates } from '../../../../src/local/project-states.ts'
import { prepareExperimentQuery } from '../../../../src/local/resources/experiments/experiment-query.ts'
import type { ServerState } from '../../../../src/local/server-state.ts'
import { collectionOf } from '../../../../src/local/store/collection.ts'
import { EXPERIMENTS } from '../../../../src/local/store/kinds.ts'
import { startAccount } from '../harness.ts'

const START = Date.parse('2026-11-01T00:00:00Z')
const HOUR = 3_600_000

let states: ProjectStates
let state: ServerState

interface TestEvent {
  readonly person: number
  readonly hour: number
  readonly event: string
  readonly properties?: object
}

/** Persons 1 to 200 see the control, 201 to 400 the test variant, which buys twice as often. */
function story(): TestEvent[] {
  const events: TestEvent[] = []
  for (let person = 1; person <= 400; person += 1) {
    const variant = person <= 200 ? 'control' : 'test'
    const byCall = person % 2 === 0
    events.push({ person, hour: 0, event: 'purchase', properties: { amount: 1_000 } })
    events.push({
      person,
      hour: 1,
      event: byCall ? '$feature_flag_called' : '$pageview',
      properties: byCall
        ? { $feature_flag: 'checkout', $feature_flag_response: variant }
        : { '$feature/checkout': variant },
    })
    if (person % 10 < (variant === 'test' ? 4 : 2)) {
      events.push({ person, hour: 2, event: 'cart' })
      events.push({ person, hour: 3, event: 'purchase', properties: { amount: 10 } })
    }
  }
  // A person with both variants does not count.
  for (const variant of ['control', 'test']) {
    events.push({ person: 999, hour: 1, event: '$pageview', properties: { '$feature/checkout': variant } })
  }
  return events
}

beforeAll(async () => {
  states = await openProjects(
    { seed: false },
    [],
    createClock(() => new Date(START)),
  )
  state = states.current
  const lines = story().map(({ person, hour, event, properties = {} }) =>
    JSON.stringify({
      uuid: crypto.randomUUID(),
      event,
      timestamp: clickHouseTime(new Date(START + hour * HOUR)),
      distinct_id: `p${person}`,
      person_id: `00000000-0000-4000-8000-${String(person).padStart(12, '0')}`,
      properties: JSON.stringify(properties),
      person_properties: '{}',
    }),
  )
  await state.engine.insert('events', lines.join('\n'))
  collectionOf(state, EXPERIMENTS).add({ id: 1, feature_flag_key: 'checkout' })
})
afterAll(() => states.close())

async function ask(metric: object, id = 1): Promise<Record<string, unknown>> {
  const run = prepareExperimentQuery(state, 1, {
    kind: 'ExperimentQuery',
    experiment_id: id,
    metric: { kind: 'ExperimentMetric', ...metric },
  })
  const answer = await run()
  zExperimentQueryResponse.parse(answer)
  return answer
}
const purchases = { kind: 'EventsNode', event: 'purchase' }

describe('experiment queries', () => {
  it('sum events after the exposure', async () => {
    expect(await ask({ metric_type: 'mean', source: purchases })).toMatchObject({
      kind: 'ExperimentQuery',
      baseline: { key: 'control', number_of_samples: 200, sum: 40, sum_squares: 40, validation_failures: [] },
      variant_results: [{ key: 'test', number_of_samples: 200, sum: 80, sum_squares: 80 }],
    })
    const amount = { ...purchases, math: 'sum', math_property: 'amount' }
    expect(await ask({ metric_type: 'mean', source: amount })).toMatchObject({
      baseline: { sum: 400, sum_squares: 4_000 },
      variant_results: [{ sum: 800, sum_squares: 8_000 }],
    })
  })

  it('report the probability of winning and the credible interval', async () => {
    const answer = await ask({ metric_type: 'mean', source: purchases })
    const [test] = answer['variant_results'] as Record<string, unknown>[]
    expect(test).toMatchObject({ method: 'bayesian', significant: true, validation_failures: [] })
    expect(test?.['chance_to_win']).toBeGreaterThan(0.99)
    const [low = 0, high = 0] = (test?.['credible_interval'] ?? []) as number[]
    // Twice as often is a relative difference of 1.
    expect((low + high) / 2).toBeCloseTo(1)
    const worse = await ask({ metric_type: 'mean', source: purchases, goal: 'decrease' })
    expect((worse['variant_results'] as Record<string, unknown>[])[0]?.['chance_to_win']).toBeLessThan(0.01)
  })

  it('count persons through the steps of a funnel in order', async () => {
    const cart = { kind: 'EventsNode', event: 'cart' }
    expect(await ask({ metric_type: 'funnel', series: [cart, purchases] })).toMatchObject({
      baseline: { sum: 40, step_counts: [40, 40] },
      variant_results: [{ sum: 80, step_counts: [80, 80] }],
    })
    expect(await ask({ metric_type: 'funnel', series: [purchases, cart] })).toMatchObject({
      baseline: {
        sum: 0,
        step_counts: [40, 0],
        validation_failures: expect.arrayContaining(['baseline-mean-is-zero']),
      },
      variant_results: [{ chance_to_win: null, significant: false }],
    })
    expect(
      await ask({ metric_type: 'funnel', series: [purchases, cart], funnel_order_type: 'unordered' }),
    ).toMatchObject({ baseline: { sum: 40 } })
  })

  it('support ratios and a window after the exposure', async () => {
    expect(
      await ask({
        metric_type: 'ratio',
        numerator: { ...purchases, math: 'sum', math_property: 'amount' },
        denominator: purchases,
      }),
    ).toMatchObject({
      baseline: {
        sum: 400,
        denominator_sum: 40,
        denominator_sum_squares: 40,
        numerator_denominator_sum_product: 400,
      },
    })
    const window = { conversion_window: 90, conversion_window_unit: 'minute' }
    expect(await ask({ metric_type: 'mean', source: purchases, ...window })).toMatchObject({
      baseline: { sum: 0 },
    })
  })

  it('reject unsupported metrics', async () => {
    const failing = (metric: object, id?: number) => async () => ask(metric, id)
    await expect(failing({ metric_type: 'mean', source: purchases }, 2)()).rejects.toMatchObject({
      status: 404,
    })
    await expect(failing({ metric_type: 'retention' })()).rejects.toMatchObject({ status: 400 })
    await expect(
      failing({ metric_type: 'mean', source: { kind: 'ActionsNode', id: 1 } })(),
    ).rejects.toMatchObject({ status: 400 })
  })

  it('are part of the query API', async () => {
    await using account = await startAccount({ events: 20 })
    const answer = account.posthog.request('POST /api/projects/{project_id}/query/', {
      body: {
        query: {
          kind: 'ExperimentQuery',
          experiment_id: 1,
          metric: {
            kind: 'ExperimentMetric',
            metric_type: 'mean',
            source: { kind: 'EventsNode', event: 'purchase' },
          },
        },
      },
    })
    await expect(answer).rejects.toMatchObject({ status: 404 })
  })
})
