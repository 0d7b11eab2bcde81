import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBudget, decide, type RetryFacts } from '../../../../src/runtime/retry/decide.ts'

const situation = (change: Partial<RetryFacts> = {}): RetryFacts => ({
  classification: { retry: true, reason: 'status 503' },
  attempt: 1,
  maxAttempts: 3,
  serverWait: undefined,
  backoff: 500,
  remaining: 10_000,
  spend: () => true,
  ...change,
})

describe('decide', () => {
  it('waits as the server requests, or else for the backoff', () => {
    expect(decide(situation())).toEqual({ retry: true, waitMs: 500, reason: 'status 503' })
    expect(decide(situation({ serverWait: 4000 }))).toMatchObject({ retry: true, waitMs: 4000 })
    expect(decide(situation({ serverWait: 0 }))).toMatchObject({ retry: true, waitMs: 0 })
  })

  it.each([
    [{ classification: { retry: false, reason: 'final' } }, 'final'],
    [{ attempt: 3 }, '3 attempts failed'],
    [{ maxAttempts: 1 }, 'retries are disabled'],
    [{ serverWait: 10_000 }, 'a wait of 10000 ms exceeds the remaining 10000 ms'],
    [{ backoff: 500, remaining: 400.2 }, 'a wait of 500 ms exceeds the remaining 401 ms'],
    [{ remaining: -5 }, 'a wait of 500 ms exceeds the remaining -5 ms'],
    [{ spend: () => false }, 'the retry budget is empty'],
  ])('stops at %j', (change, reason) => {
    expect(decide(situation(change))).toEqual({ retry: false, reason })
  })

  it('spends no budget on a stop or a wait requested by the server', () => {
    let spent = 0
    const spend = (): boolean => {
      spent += 1
      return true
    }
    decide(situation({ spend, attempt: 3 }))
    decide(situation({ spend, backoff: 99_999 }))
    decide(situation({ spend, classification: { retry: false, reason: 'x' } }))
    decide(situation({ spend, serverWait: 5 }))
    expect(spent).toBe(0)
    decide(situation({ spend }))
    expect(spent).toBe(1)
  })
})

describe('the retry budget', () => {
  const policy = { capacity: 2, perSuccess: 0.5, perSecond: 0.1 }

  it('is spent by retries and refilled by successes', () => {
    const budget = createBudget(policy, () => 0)
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
    budget.succeeded()
    expect(budget.take()).toBe(false)
    budget.succeeded()
    expect(budget.take()).toBe(true)
  })

  it('recovers with time up to its capacity', () => {
    let now = 0
    const budget = createBudget(policy, () => now)
    budget.take()
    budget.take()
    now = 9999
    expect(budget.take()).toBe(false)
    now = 20_000
    expect(budget.take()).toBe(true)
    now = 10_000_000
    for (let i = 0; i < 100; i++) budget.succeeded()
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
  })
})

describe('any decision', () => {
  const situation = fc.record({
    classification: fc.record({ retry: fc.boolean(), reason: fc.string() }),
    attempt: fc.integer({ min: 1, max: 6 }),
    maxAttempts: fc.integer({ min: 1, max: 5 }),
    serverWait: fc.option(fc.nat(100_000), { nil: undefined }),
    backoff: fc.nat(20_000),
    remaining: fc.integer({ min: -1_000, max: 100_000 }),
    budget: fc.boolean(),
  })

  it('respects the attempts, the deadline, the budget and the requested wait', () => {
    fc.assert(
      fc.property(situation, ({ budget, ...given }) => {
        let spent = 0
        const spend = (): boolean => {
          spent += 1
          return budget
        }
        const decision = decide({ ...given, spend })
        const { classification, attempt, maxAttempts, serverWait, backoff, remaining } = given
        const wait = serverWait ?? backoff
        const fits = classification.retry && attempt < maxAttempts && wait < remaining
        const retries = fits && (serverWait !== undefined || budget)
        expect(decision).toMatchObject(retries ? { retry: true, waitMs: wait } : { retry: false })
        // Only a retry without a wait from the server spends budget.
        expect(spent).toBe(fits && serverWait === undefined ? 1 : 0)
      }),
    )
  })
})
