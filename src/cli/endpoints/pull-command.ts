import {
  type EndpointDescription,
  type ListedEndpoint,
  readListedEndpoint,
} from '../../codegen/endpoints/describe-endpoint.ts'
import { EndpointDescriptionError } from '../../codegen/endpoints/endpoint-description-error.ts'
import { endpointIdentifiers } from '../../codegen/endpoints/identifier.ts'
import { createLock, type EndpointsLock, identifiersOf, renderLock } from '../../codegen/endpoints/lock.ts'
import { readModuleIdentifiers } from '../../codegen/endpoints/module-identifiers.ts'
import { renderModule } from '../../codegen/endpoints/render-module.ts'
import type { ManageEndpoints } from '../../resources/endpoints/manage-endpoints.ts'
import { connectToRead, requireFixedProject } from '../connect.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { moduleFiles, readIfThere, writeTogether } from '../files.ts'
import { mapConcurrent } from '../map-concurrent.ts'
import { describeError } from '../output/report-error.ts'
import { chooseEndpoints } from './choose.ts'
import { guardModule } from './guard-module.ts'
import { lockChanges } from './lock-changes.ts'
import { renderPullSummary, type SkippedEndpoint } from './pull-summary.ts'
import { describe } from './read-endpoint.ts'
import { readLock } from './read-lock.ts'

/** Options of `endpoints pull`. */
export interface PullOptions {
  readonly out: string
  readonly lock?: string
  readonly concurrency: number
  readonly includeInactive?: boolean
  readonly skipInvalid?: boolean
  readonly force?: boolean
}

/** `typehog endpoints pull`: writes the module and the lock, both or none. */
export async function pullEndpoints(
  context: Context,
  names: readonly string[],
  options: PullOptions,
): Promise<ExitCode> {
  const { signal, cwd } = context.io
  const files = moduleFiles(cwd, options)
  const connection = await connectToRead(context)
  requireFixedProject(connection)
  const { host, projectId, client } = connection
  const lockText = await readIfThere(files.lockPath)
  const moduleText = await readIfThere(files.modulePath)
  if (options.force !== true) guardModule(files, moduleText)
  const before = previousLock(context, lockText, files.lock, options.force === true)

  const { listed, invalid } = await readList(client.endpoints, signal, options)
  const { chosen, inactive } = chooseEndpoints(listed, names, options.includeInactive === true)
  const read = await readAll(context, client.endpoints, chosen, options)
  const isWanted = ({ isActive }: EndpointDescription): boolean =>
    isActive || options.includeInactive === true
  const described = read.flatMap(({ description }) => description ?? [])
  const descriptions = described.filter(isWanted)
  const skipped: SkippedEndpoint[] = [
    ...invalid,
    ...inactive.map((name) => ({ name, reason: 'inactive' })),
    ...described.filter((one) => !isWanted(one)).map(({ name }) => ({ name, reason: 'inactive' })),
    ...read.flatMap(({ name, problem }) => (problem === undefined ? [] : [{ name, reason: problem }])),
  ]

  const inModule = readModuleIdentifiers(moduleText ?? '')
  const inLock = before === undefined ? new Map<string, string>() : identifiersOf(before)
  // The lock decides. The module helps when the lock is missing or cannot be read.
  const kept = new Map([...inLock, ...[...inModule].filter(([name]) => !inLock.has(name))])
  const identifiers = endpointIdentifiers(
    descriptions.map(({ name }) => name),
    kept,
  )
  const lock = createLock(descriptions, { host, projectId }, identifiers)
  signal.throwIfAborted()
  const written = await writeTogether([
    { path: files.modulePath, text: renderModule(descriptions, { host, projectId }, identifiers) },
    { path: files.lockPath, text: renderLock(lock) },
  ])
  const sameSource = before?.host === host && before?.projectId === projectId
  const changes = lockChanges(sameSource ? before : undefined, lock, new Map([...kept, ...inModule]))
  if (context.options.json === true) {
    context.printJson({
      host,
      projectId,
      module: files.module,
      lock: files.lock,
      written,
      ...changes,
      skipped,
    })
  } else if (context.options.quiet !== true) {
    const replaced = before === undefined || sameSource ? undefined : before
    context.print(...renderPullSummary({ changes, skipped, files, written, replaced }))
  }
  return exitCodes.ok
}

/**
 * The lock that is there. A lock that is broken (merge conflicts, edited) is written anew; a file that never was a lock
 * is not written over.
 */
function previousLock(
  context: Context,
  text: string | undefined,
  file: string,
  force: boolean,
): EndpointsLock | undefined {
  if (text === undefined || text.trim() === '') return undefined
  try {
    return readLock(text, file, 'Name another file with --lock, or pass --force to replace it.')
  } catch (error) {
    if (!force && !(text.includes('"lockfileVersion"') && text.includes('"projectId"'))) throw error
    context.note(`${describeError(error).message} It is written anew; identifiers come from the module.`)
    return undefined
  }
}

interface ReadList {
  readonly listed: readonly ListedEndpoint[]
  /** Only with `--skip-invalid`. */
  readonly invalid: readonly SkippedEndpoint[]
}

async function readList(
  endpoints: ManageEndpoints,
  signal: AbortSignal,
  { skipInvalid }: PullOptions,
): Promise<ReadList> {
  const listed: ListedEndpoint[] = []
  const invalid: SkippedEndpoint[] = []
  for await (const endpoint of endpoints.list({}, { signal })) {
    try {
      listed.push(readListedEndpoint(endpoint))
    } catch (error) {
      if (skipInvalid !== true || !(error instanceof EndpointDescriptionError)) throw error
      invalid.push({ name: error.endpoint, reason: describeError(error).message })
    }
  }
  return { listed, invalid }
}

interface ReadEndpoint {
  readonly name: string
  readonly description?: EndpointDescription
  readonly problem?: string
}

async function readAll(
  context: Context,
  endpoints: ManageEndpoints,
  chosen: readonly ListedEndpoint[],
  { concurrency, skipInvalid }: PullOptions,
): Promise<ReadEndpoint[]> {
  const progress = context.progress('Reading endpoints', chosen.length)
  try {
    return await mapConcurrent(chosen, concurrency, context.io.signal, async ({ name, version }, signal) => {
      const shown = await endpoints.get(name, { version }, { signal })
      const openapi = await endpoints.openapi(name, { version }, { signal })
      try {
        return { name, description: describe(name, shown, openapi) }
      } catch (error) {
        if (skipInvalid !== true) throw error
        return { name, problem: describeError(error).message }
      } finally {
        progress.tick()
      }
    })
  } finally {
    progress.finish()
  }
}
