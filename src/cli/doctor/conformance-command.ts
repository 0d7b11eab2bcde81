import { version } from '../../client/version.ts'
import { assertions } from '../../conformance/assertions.ts'
import { type AssertionResult, runAssertions } from '../../conformance/run-assertions.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { connect } from '../connect.ts'
import type { Context } from '../context.ts'
import { suggestName, UsageError } from '../errors.ts'
import { renderTable } from '../output/table.ts'

/** Options of `doctor --conformance`. */
export interface ConformanceOptions {
  /** The project in which assertions may write. */
  readonly write?: string
  /** Areas or ids of the assertions to test. Default: all. */
  readonly only?: readonly string[]
}

/**
 * `typehog doctor --conformance`: tests the facts about PostHog that Typehog relies on against the configured project,
 * and prints a report to attach to an issue. Exits with 1 when PostHog differs.
 */
export async function conformance(
  context: Context,
  { write, only = [] }: ConformanceOptions,
): Promise<ExitCode> {
  assertNamedTwice(context, write)
  const chosen = assertions.filter(
    ({ id, area }) => only.length === 0 || only.includes(id) || only.includes(area),
  )
  assertKnown(only)
  const { client, projectId } = await connect(context)
  const progress = context.progress('Assertions', chosen.length)
  const results: AssertionResult[] = []
  const options = { client, projectId, write: write !== undefined, signal: context.io.signal }
  for await (const result of runAssertions(chosen, options)) {
    results.push(result)
    progress.tick()
  }
  progress.finish()
  const { region } = client.config
  // The host of a self-hosted instance may be private.
  const server = region === undefined ? 'self-hosted PostHog' : `PostHog Cloud ${region.toUpperCase()}`
  const counts = countResults(results)
  const about = {
    server,
    typehog: version,
    time: new Date().toISOString(),
    write: write !== undefined,
    counts,
  }
  if (context.options.json === true) context.printJson({ ...about, results })
  else {
    context.print(
      `typehog ${version} against ${server}, ${about.time}, ${about.write ? 'with writes' : 'read-only'}.`,
      '',
    )
    context.print(...renderResults(results, context.io.columns))
    context.print('', `${counts.held} held, ${counts.differs} differ, ${counts.notTried} not tried.`)
  }
  const leftovers = results.flatMap(({ leftovers = [] }) => leftovers)
  for (const leftover of leftovers) context.warn(`Not removed: ${leftover}. Delete it by hand.`)
  context.io.signal.throwIfAborted()
  if (counts.differs > 0) return exitCodes.drift
  return leftovers.length > 0 ? exitCodes.failure : exitCodes.ok
}

/** Requires the project of `--write` to be that of `--project`, so that no environment variable chooses it. */
function assertNamedTwice({ options: { project } }: Context, write: string | undefined): void {
  if (write === undefined || (write === project && /^\d+$/.test(write))) return
  throw new UsageError(
    `Expected --project and --write to name the same project ID, got ${project ?? 'no --project'} and ${write}.`,
    'Write, for example: --project 7 --write 7. Use a project without data that you need.',
  )
}

function assertKnown(only: readonly string[]): void {
  const names = [...new Set(assertions.flatMap(({ area, id }) => [area, id]))]
  const unknown = only.find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new UsageError(
    `Expected --only to be an area or an assertion, got "${unknown}".`,
    suggestName(unknown, names),
  )
}

interface Counts {
  readonly held: number
  readonly differs: number
  readonly notTried: number
}

function countResults(results: readonly AssertionResult[]): Counts {
  const count = (wanted: AssertionResult['result']): number =>
    results.filter(({ result }) => result === wanted).length
  return { held: count('held'), differs: count('differs'), notTried: count('not tried') }
}

/** The results as a table: those that differ first. */
function renderResults(results: readonly AssertionResult[], width: number | undefined): string[] {
  const order: readonly AssertionResult['result'][] = ['differs', 'not tried', 'held']
  const rows = results
    .toSorted((one, two) => order.indexOf(one.result) - order.indexOf(two.result))
    .map(({ result, id, statement, seen, reason }) => [result, id, statement, seen ?? reason ?? ''])
  return renderTable(['result', 'assertion', 'statement', 'seen'], rows, width).split('\n')
}
