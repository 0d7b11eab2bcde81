import type { TypehogClient } from '../../client/create-client.ts'
import { NotFoundError } from '../../runtime/errors/api-errors.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'

/** A line in the log of an endpoint. */
export type LogLine = Awaited<ReturnType<TypehogClient['endpoints']['logs']>>['items'][number]

/** The endpoint and the log lines of a run, newest first. */
interface Execution {
  readonly name: string
  readonly lines: readonly LogLine[]
}

/** Maximum number of lines that PostHog returns. */
export const maxLines = 500
/** Maximum number of endpoints to search. */
const maxEndpoints = 200
/** Number of endpoints that are searched concurrently. */
const concurrency = 4

/**
 * Finds the endpoint of an execution. PostHog's logs are per endpoint, so it searches the endpoints one by one, the
 * latest run first.
 *
 * @throws UsageError if no endpoint has log lines of the execution
 */
export async function findExecution(
  context: Context,
  { endpoints }: TypehogClient,
  executionId: string,
): Promise<Execution> {
  const { signal } = context.io
  const listed = await endpoints.list({}, { signal }).toArray({ max: 10_000, allowPartial: true })
  const names = listed
    .map(({ name, last_executed_at: lastRun }) => ({ name, lastRun: Date.parse(lastRun ?? '') || 0 }))
    .sort((one, other) => other.lastRun - one.lastRun)
    .map(({ name }) => name)
  const searched = names.slice(0, maxEndpoints)
  const progress = context.progress('Searching endpoints', searched.length)
  try {
    for (let start = 0; start < searched.length; start += concurrency) {
      const found = await Promise.all(
        searched.slice(start, start + concurrency).map(async (name): Promise<Execution> => {
          const lines = await readLogs(endpoints, name, executionId, signal)
          progress.tick()
          return { name, lines }
        }),
      )
      const execution = found.find(({ lines }) => lines.length > 0)
      if (execution !== undefined) return execution
    }
  } finally {
    progress.finish()
  }
  const extent =
    names.length > searched.length ? `the ${searched.length} endpoints that ran last` : 'any endpoint'
  throw new UsageError(
    `There are no log lines of the execution ${executionId} in the log of ${extent}.`,
    'Check the id and the project, or pass --endpoint. If the run just ended, try again in a few seconds; PostHog keeps logs for about 90 days.',
  )
}

/** Reads the lines of an execution. An endpoint that was deleted meanwhile has none. */
async function readLogs(
  endpoints: TypehogClient['endpoints'],
  name: string,
  executionId: string,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  try {
    return (await endpoints.logs(name, { executionId, limit: maxLines }, { signal })).items
  } catch (error) {
    if (error instanceof NotFoundError && !error.routeUnknown) return []
    throw error
  }
}
