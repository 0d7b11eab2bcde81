import { describe, expect, it } from 'vitest'
import { createBudget } from '../../../../src/runtime/retry/budget.ts'
import { decide, type Situation } from '../../../../src/runtime/retry/decide.ts'

const situation = (change: Partial<Situation> = {}): Situation => ({
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
  it('waits its own time when the server says nothing, and the time of the server when it does', () => {
    expect(decide(situation())).toEqual({ retry: true, waitMs: 500, reason: 'status 503' })
    expect(decide(situation({ serverWait: 4000 }))).toMatchObject({ retry: true, waitMs: 4000 })
    expect(decide(situation({ serverWait: 0 }))).toMatchObject({ retry: true, waitMs: 0 })
  })

  it.each([
    [{ classification: { retry: false, reason: 'final' } }, 'final'],
    [{ attempt: 3 }, '3 attempts were made'],
    [{ maxAttempts: 1 }, 'retries are off'],
    [{ serverWait: 10_000 }, 'a wait of 10000 ms does not fit the 10000 ms left'],
    [{ backoff: 500, remaining: 400.2 }, 'a wait of 500 ms does not fit the 401 ms left'],
    [{ remaining: -5 }, 'a wait of 500 ms does not fit the -5 ms left'],
    [{ spend: () => false }, 'the retry budget is used up'],
  ])('stops at %j', (change, reason) => {
    expect(decide(situation(change))).toEqual({ retry: false, reason })
  })

  it('spends nothing on what it refuses, nor on waits that the server asked for', () => {
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

  it('is used up by retries and refilled by successes', () => {
    const budget = createBudget(policy, () => 0)
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
    budget.succeeded()
    expect(budget.take()).toBe(false)
    budget.succeeded()
    expect(budget.take()).toBe(true)
  })

  it('recovers with time, and never beyond its capacity', () => {
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
