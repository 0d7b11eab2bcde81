import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { CliIo } from '../../../src/cli/cli-io.ts'
import { InterruptedError } from '../../../src/cli/errors.ts'
import type { CliResult } from '../../unit/cli/capture-cli.ts'
import { type CliHarness, startCliHarness } from './cli-harness.ts'

let harness: CliHarness
/** A server that never answers, and the requests that it got. */
let silent: Server
let silentUrl = ''
const requests: string[] = []
/** Milliseconds that a loaded machine may need to send a request. */
const patience = 20_000

beforeAll(async () => {
  harness = await startCliHarness()
  silent = createServer(({ method, url }) => void requests.push(`${method} ${url}`))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an AddressInfo.
  silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
})
afterEach(() => {
  requests.length = 0
  harness.posthog.faults.clear()
})
afterAll(async () => {
  silent.closeAllConnections()
  await new Promise((resolve) => silent.close(resolve))
  await harness[Symbol.asyncDispose]()
})

/** Timers that expire when the test says so. */
function manualTimers(): {
  readonly startTimer: NonNullable<CliIo['startTimer']>
  readonly ms: number[]
  expire(): void
} {
  const ms: number[] = []
  let last: (() => void) | undefined
  return {
    ms,
    startTimer: (delay, expire) => {
      ms.push(delay)
      last = expire
      return () => {
        last = undefined
      }
    },
    expire: () => last?.(),
  }
}

const toSilent = (argv: readonly string[], io: Partial<CliIo> = {}): Promise<CliResult> =>
  harness.run(argv, { env: { ...harness.env, POSTHOG_HOST: silentUrl }, ...io })

describe('doctor with a server that never answers', () => {
  it('gives up on the host after 5 s', async () => {
    const timers = manualTimers()
    const result = toSilent(['doctor'], { startTimer: timers.startTimer })
    await vi.waitUntil(() => requests.length === 1, patience)
    timers.expire()
    const { code, out } = await result
    expect(code).toBe(3)
    expect(timers.ms).toEqual([5_000])
    expect(out).toContain(`PROBLEM host    ${silentUrl} timed out after 5 s.\n`)
    expect(out).toContain('Fix: Check `--host`, the network and any proxy.\n')
  })

  it('gives up on the query alone after 5 s', async () => {
    const timers = manualTimers()
    harness.posthog.faults.add({ path: '/query/', stall: 'headers' })
    const result = harness.run(['doctor'], { startTimer: timers.startTimer })
    await vi.waitUntil(() => harness.posthog.faults.pending.length === 0, patience)
    timers.expire()
    const { code, out } = await result
    expect(code).toBe(3)
    expect(timers.ms).toEqual([5_000, 5_000])
    expect(out).toContain('PROBLEM query   "select 1" timed out after 5 s.\n')
    expect(out).toMatch(/^ok +limits/m)
  })

  it.each([['doctor'], ['--json', 'doctor']])('stops at once after Ctrl-C: %j', async (...argv) => {
    const interruption = new AbortController()
    const timers = manualTimers()
    const result = toSilent(argv, { startTimer: timers.startTimer, signal: interruption.signal })
    await vi.waitUntil(() => requests.length === 1, patience)
    interruption.abort(new InterruptedError())
    const { code, out } = await result
    expect(code).toBe(130)
    expect(out).not.toContain('timed out')
  })

  it.each([
    ['on a terminal', [], true, true],
    ['with --debug', ['--debug'], true, false],
    ['without a terminal', [], false, false],
    ['with --quiet', ['--quiet'], true, false],
  ])('shows what it waits for, or nothing: %s', async (_, flags, stderr, shown) => {
    const timers = manualTimers()
    const isTTY = { stdout: false, stderr }
    const result = toSilent([...flags, 'doctor'], { startTimer: timers.startTimer, isTTY })
    await vi.waitUntil(() => requests.length === 1, patience)
    timers.expire()
    const { err } = await result
    const line = `\r\u001b[2KWaiting for ${silentUrl} to describe the key…\r\u001b[2K`
    expect(err.includes(line)).toBe(shown)
    expect(err.includes('\u001b[2K')).toBe(shown)
  })

  it.each([
    ['GET /api/projects/{project_id}/cohort/', 'Did you mean "GET /api/projects/{project_id}/cohorts/"?'],
    ['GET /api/projects/{project_id}/cohorts', 'Did you mean "GET /api/projects/{project_id}/cohorts/"?'],
    ['GET /api/projects/12345/cohrts/678/', 'Did you mean "GET /api/projects/{project_id}/cohorts/{id}/"?'],
    ['get /api/cohorts/', 'Did you mean "GET /api/projects/{project_id}/cohorts/"?'],
    ['DELETE /api/projects/{project_id}/query/', 'This path has POST.'],
    ['GET /nonsense', 'Write, for example: --operation "GET /api/projects/{project_id}/cohorts/".'],
  ])('refuses the unknown operation %j before it sends a request', async (operation, fix) => {
    const { code, out, err } = await toSilent(['doctor', '--operation', operation])
    expect(code).toBe(2)
    expect(err).toContain("PostHog's schema has no operation ")
    expect(err).toContain(`Fix: ${fix}\n`)
    expect(out).toBe('')
    expect(requests).toEqual([])
  })

  it.each(['GET /api/projects/{id}/cohorts/{id}/', 'GET /api/projects/7/cohorts/12/', 'get /api/users/@me/'])(
    'accepts the operation %j',
    async (operation) => {
      const { code } = await harness.run(['doctor', '--operation', operation])
      expect(code).toBe(0)
    },
  )
})
