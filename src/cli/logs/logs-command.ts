import type { EndpointLogFilters } from '../../resources/endpoints/manage-endpoints.ts'
import { uuidPattern } from '../../resources/events/captured-event.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { type Connection, connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { withNameSuggestion } from '../endpoints/suggest-endpoint.ts'
import { UsageError } from '../errors.ts'
import { type Line, style } from '../output/style.ts'
import { findExecution, type LogLine, maxLines } from './find-execution.ts'

/** Options of `logs`. */
export interface LogsOptions {
  readonly endpoint?: string
  /** Uppercase. */
  readonly level?: readonly string[]
  readonly limit: number
}

/** `typehog logs`: prints log lines of one run, or of all runs of an endpoint. The newest line is the last. */
export async function logs(
  context: Context,
  executionId: string | undefined,
  { endpoint, level = [], limit }: LogsOptions,
): Promise<ExitCode> {
  checkTarget(executionId, endpoint)
  const connection = await connectWithPersonalKey(context)
  const filters = { ...(level.length === 0 ? {} : { level: level.join(',') }), limit }
  const { name, lines } =
    executionId === undefined
      ? { name: endpoint ?? '', lines: await readLines(context, connection, endpoint ?? '', filters) }
      : await readRun(context, connection, executionId, endpoint, level)
  const shown = lines.slice(0, limit).reverse()
  if (context.options.json === true) context.printJson({ endpoint: name, lines: shown.map(toJson) })
  else {
    context.print(...shown.map((line) => renderLogLine(line, executionId === undefined)))
    if (shown.length === 0) context.note(`Endpoint "${name}" has no such log lines.`)
    else if (executionId !== undefined && endpoint === undefined) context.note(`Run of endpoint "${name}".`)
  }
  return exitCodes.ok
}

function checkTarget(executionId: string | undefined, endpoint: string | undefined): void {
  if (endpoint?.trim() === '') throw new UsageError('--endpoint is empty.', lsFix)
  if (executionId === undefined) {
    if (endpoint !== undefined) return
    throw new UsageError(
      'Expected an execution id or --endpoint, got neither.',
      'Pass `executionId` of a run, or --endpoint <name> for all runs of an endpoint.',
    )
  }
  if (uuidPattern.test(executionId)) return
  throw new UsageError(
    `Expected an execution id, which is a UUID, got "${executionId}".`,
    `For all runs of an endpoint, write typehog logs --endpoint <name>.`,
  )
}

const lsFix = 'Run `typehog endpoints ls` to list the endpoints.'

/** Reads lines of an endpoint, newest first. */
async function readLines(
  context: Context,
  connection: Connection,
  name: string,
  filters: EndpointLogFilters,
): Promise<readonly LogLine[]> {
  const { endpoints } = connection.client
  const { items } = await withNameSuggestion(context, connection, name, async () =>
    endpoints.logs(name, filters, { signal: context.io.signal }),
  )
  return items
}

/**
 * Reads all lines of a run, and filters them here: an execution with other levels only is not an unknown one.
 *
 * @throws UsageError for an unknown execution id
 */
async function readRun(
  context: Context,
  connection: Connection,
  executionId: string,
  endpoint: string | undefined,
  level: readonly string[],
): Promise<{ readonly name: string; readonly lines: readonly LogLine[] }> {
  const run =
    endpoint === undefined
      ? await findExecution(context, connection.client, executionId)
      : {
          name: endpoint,
          lines: await readLines(context, connection, endpoint, { executionId, limit: maxLines }),
        }
  if (run.lines.length === 0) {
    throw new UsageError(
      `Endpoint "${run.name}" has no log lines of the execution ${executionId}.`,
      'Check the id and the endpoint. If the run just ended, try again in a few seconds; PostHog keeps logs for about 90 days.',
    )
  }
  const lines = run.lines.filter((line) => level.length === 0 || level.includes(line.level.toUpperCase()))
  return { name: run.name, lines }
}

function toJson({ timestamp, level, message, instance_id: executionId }: LogLine): object {
  return { timestamp, level, message, executionId }
}

function renderLogLine({ timestamp, level, message, instance_id: id }: LogLine, withId: boolean): Line {
  const name = level.toUpperCase()
  const label = name === 'ERROR' ? style.red(name.padEnd(5)) : name.padEnd(5)
  return [timestamp, '  ', label, '  ', ...(withId ? [style.dim(id), '  '] : []), message]
}
