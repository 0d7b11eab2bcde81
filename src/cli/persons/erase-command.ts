import type { ErasureReceipt } from '../../resources/persons/erase.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { confirm } from '../confirm.ts'
import { assertFixedProject, type Connection, connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { renderTable } from '../output/table.ts'
import { formatCount } from '../output/text.ts'
import { receiptToJson, renderReceipt } from './erase-receipt.ts'
import { type PersonsByDistinctId, readPersons } from './persons-by-distinct-id.ts'

/** Options of `persons erase`. */
export interface EraseCommandOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly keepEvents?: boolean
  readonly keepRecordings?: boolean
}

/**
 * `typehog persons erase`: lists the persons, asks for a confirmation, erases them and prints the receipt. Exits with 3
 * if PostHog refused some of them.
 */
export async function erasePersons(
  context: Context,
  given: readonly string[],
  options: EraseCommandOptions,
): Promise<ExitCode> {
  const { yes = false, dryRun = false } = options
  const { signal } = context.io
  const distinctIds = [...new Set(given)]
  if (distinctIds.some((id) => id.trim() === '')) {
    throw new UsageError('Expected distinct ids, got an empty one.', 'Remove it. Nothing was sent.')
  }
  const connection = await connectWithPersonalKey(context, 'person:write')
  assertFixedProject(connection)
  if (dryRun || !yes) {
    const found = await readPersons(connection.client, distinctIds, signal)
    if (dryRun || found.persons.length === 0) {
      return reportPlan(context, connection, found, options, 'Nothing was erased.')
    }
    if (context.options.json !== true) context.print(...renderPlan(connection, found, options))
    const question = `Erase ${formatCount(found.persons.length, 'person')}? This cannot be undone.`
    if (!(await confirm(context, question))) {
      context.print('Nothing was erased.')
      return exitCodes.ok
    }
  }
  return reportReceipt(context, await erase(context, connection, distinctIds, options))
}

async function erase(
  context: Context,
  { client }: Connection,
  distinctIds: readonly string[],
  { keepEvents = false, keepRecordings = false }: EraseCommandOptions,
): Promise<ErasureReceipt> {
  const { signal } = context.io
  try {
    return await client.persons.erase(
      { distinctIds, deleteEvents: !keepEvents, deleteRecordings: !keepRecordings },
      { signal },
    )
  } catch (error) {
    if (signal.aborted) {
      context.warn('PostHog may have erased some of the persons. It is safe to run the command again.')
    }
    throw error
  }
}

function reportPlan(
  context: Context,
  connection: Connection,
  found: PersonsByDistinctId,
  options: EraseCommandOptions,
  outcome: string,
): ExitCode {
  const { dryRun = false } = options
  if (context.options.json === true) context.printJson({ ok: true, dryRun, ...found })
  else context.print(...renderPlan(connection, found, options), outcome)
  return exitCodes.ok
}

function renderPlan(
  { host, projectId }: Connection,
  { persons, unknownIds }: PersonsByDistinctId,
  { keepEvents = false, keepRecordings = false }: EraseCommandOptions,
): string[] {
  const data = [...(keepEvents ? [] : ['events']), ...(keepRecordings ? [] : ['recordings'])]
  const count = formatCount(persons.length, 'person')
  const extent = data.length === 0 ? '' : `, with their ${data.join(' and ')}`
  const rows = persons.map(({ name, uuid, distinctIds, createdAt }) => [
    name,
    uuid,
    distinctIds.join(', '),
    createdAt,
  ])
  const table = renderTable(['name', 'uuid', 'distinct ids', 'created'], rows)
  return [
    ...(persons.length === 0
      ? []
      : [`${count} of project ${projectId} on ${host}${extent}:`, ...table.split('\n')]),
    ...unknownIds.map((id) => `No person has the distinct id ${id}`),
  ]
}

function reportReceipt(context: Context, receipt: ErasureReceipt): ExitCode {
  const isComplete = receipt.failed.length === 0 && receipt.refused.length === 0
  if (context.options.json === true)
    context.printJson({ ok: isComplete, ...receiptToJson(receipt, context.flags) })
  else {
    const { facts, problems } = renderReceipt(receipt, context.flags)
    context.print(...facts)
    for (const line of problems) context.warn(line)
  }
  return isComplete ? exitCodes.ok : exitCodes.failure
}
