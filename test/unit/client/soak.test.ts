import { describe, expect, it } from 'vitest'
import { runSoak } from '../../../bench/harness/soak/run-soak.ts'
import { createClient, hogql } from '../../../src/index.ts'

describe('5,000 mixed calls with faults and aborts', () => {
  it('settle, and leave no timer, listener, request, body or rejection', async () => {
    const calls = 5_000
    const report = await runSoak({ createClient, hogql }, { calls, seconds: 15, seed: 7 })
    expect(report.surprises).toEqual([])
    expect(report.left).toEqual({ calls: 0, requests: 0, bodies: 0, timers: 0, listeners: 0, rejections: 0 })
    const { ok = 0, 'left early': left = 0, aborted = 0, ConnectionError: lost = 0 } = report.outcomes
    expect(Object.values(report.outcomes).reduce((sum, count) => sum + count, 0)).toBe(calls)
    expect(ok + left).toBeGreaterThan(0.85 * calls)
    expect(Math.min(left, aborted, lost, report.delayed)).toBeGreaterThan(0)
  }, 120_000)
})
