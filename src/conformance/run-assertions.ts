import { randomBytes } from 'node:crypto'
import type { TypehogClient } from '../client/create-client.ts'
import { isPostHogError } from '../runtime/errors/posthog-error.ts'
import { redact } from '../runtime/observe/redact.ts'
import type { Assertion } from './assertion.ts'
import { Differs, NotTried } from './outcome.ts'
import { type CleanupStep, createProbe } from './probe.ts'

/** The result of one assertion. */
export interface AssertionResult extends Omit<Assertion, 'run'> {
  readonly result: 'held' | 'differs' | 'not tried'
  /** What was seen, without personal data. */
  readonly seen?: string
  /** Why it was not tried. */
  readonly reason?: string
  /** Objects that could not be removed. */
  readonly leftovers?: readonly string[]
}

/** Options of a run. */
export interface RunOptions {
  readonly client: TypehogClient
  readonly projectId: string
  /** Whether assertions may create objects. They remove them again. */
  readonly write: boolean
  readonly signal: AbortSignal
}

/**
 * Tests assertions one after another. When the signal aborts, it removes what the current assertion created, and then
 * reports the rest as not tried.
 */
export async function* runAssertions(
  assertions: readonly Assertion[],
  options: RunOptions,
): AsyncGenerator<AssertionResult, undefined> {
  for (const assertion of assertions) yield await runAssertion(assertion, options)
}

async function runAssertion(
  { run, ...assertion }: Assertion,
  { client, projectId, write, signal }: RunOptions,
): Promise<AssertionResult> {
  if (signal.aborted) return { ...assertion, result: 'not tried', reason: 'The run was interrupted.' }
  if (assertion.mode === 'write' && !write) {
    return { ...assertion, result: 'not tried', reason: 'It writes. Allow it with --write.' }
  }
  const name = `typehog-conformance-${randomBytes(5).toString('hex')}`
  const { probe, steps } = createProbe(client, projectId, name, signal)
  let outcome: Pick<AssertionResult, 'result' | 'seen' | 'reason'>
  try {
    const { held, seen } = await run(probe)
    outcome = { result: held ? 'held' : 'differs', seen: redact(seen) }
  } catch (error) {
    outcome =
      error instanceof Differs
        ? { result: 'differs', seen: redact(error.message) }
        : { result: 'not tried', reason: redact(reasonOf(error, signal)) }
  }
  const leftovers = await cleanUp(steps)
  return { ...assertion, ...outcome, ...(leftovers.length === 0 ? {} : { leftovers }) }
}

/** Removes what was created, the last first. Returns what could not be removed. */
async function cleanUp(steps: readonly CleanupStep[]): Promise<string[]> {
  const leftovers: string[] = []
  for (const { what, run } of steps.toReversed()) {
    try {
      await run()
    } catch (error) {
      leftovers.push(redact(`${what}: ${error instanceof Error ? error.message : String(error)}`))
    }
  }
  return leftovers
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'The run was interrupted.'
  if (error instanceof NotTried) return error.message
  if (isPostHogError(error)) return `The call failed: ${error.kind}.`
  return error instanceof Error ? `The test failed: ${error.message}` : String(error)
}
