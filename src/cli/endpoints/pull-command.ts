import {
  type EndpointDescription,
  type ListedEndpoint,
  readListedEndpoint,
} from '../../codegen/endpoints/describe-endpoint.ts'
import { EndpointDescriptionError } from '../../codegen/endpoints/document-reader.ts'
import { endpointIdentifiers, readModuleIdentifiers } from '../../codegen/endpoints/identifiers.ts'
import { createLock, type EndpointsLock, identifiersOf, renderLock } from '../../codegen/endpoints/lock.ts'
import { renderModule } from '../../codegen/endpoints/render-module.ts'
import type { ManageEndpoints } from '../../resources/endpoints/manage-endpoints.ts'
import { mapConcurrent } from '../../shared/map-concurrent.ts'
import type { AreaReport } from '../area-report.ts'
import { exitCodes } from '../cli-io.ts'
import { assertFixedProject, connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { describeError } from '../errors.ts'
import { assertGeneratedModule, moduleFiles, readFileIfExists, writeIfChanged } from '../module-files.ts'
import { compareLocks, renderPull, type SkippedEndpoint } from './pull-report.ts'
import { readLock, selectEndpoints, toDescription } from './read-endpoints.ts'

/** Options of `endpoints pull`. */
export interface PullOptions {
  readonly out: string
  readonly lock?: string
  readonly concurrency: number
  readonly includeInactive?: boolean
  readonly skipInvalid?: boolean
  readonly force?: boolean
  /** Whether runs by name are typed. Default: `true`. */
  readonly registry?: boolean
}

/** `typehog endpoints pull`: writes the module and the lock file, both or neither. */
export async function pullEndpoints(
  context: Context,
  names: readonly string[],
  options: PullOptions,
): Promise<AreaReport> {
  const files = moduleFiles(context.io.cwd, options)
  const connection = await connectWithPersonalKey(context)
  assertFixedProject(connection)
  const { host, projectId, client } = connection
  const lockText = await readFileIfExists(files.lockPath)
  const moduleText = await readFileIfExists(files.modulePath)
  if (options.force !== true) assertGeneratedModule(files, moduleText, 'typehog endpoints pull')
  const previous = readPreviousLock(context, lockText, files.lock, options.force === true)

  const { descriptions, skipped } = await readDescriptions(context, client.endpoints, names, options)
  const inModule = readModuleIdentifiers(moduleText ?? '')
  const inLock = previous === undefined ? new Map<string, string>() : identifiersOf(previous)
  // The lock file takes precedence. The module fills in when the lock file is missing or unreadable.
  const assigned = new Map([...inLock, ...[...inModule].filter(([name]) => !inLock.has(name))])
  const identifiers = endpointIdentifiers(
    descriptions.map(({ name }) => name),
    assigned,
  )
  const lock = createLock(descriptions, { host, projectId }, identifiers)
  context.io.signal.throwIfAborted()
  const written = await writeIfChanged([
    {
      path: files.modulePath,
      text: renderModule(descriptions, { host, projectId }, { identifiers, registry: options.registry }),
    },
    { path: files.lockPath, text: renderLock(lock) },
  ])
  const sameSource = previous?.host === host && previous?.projectId === projectId
  const changes = compareLocks(sameSource ? previous : undefined, lock, new Map([...assigned, ...inModule]))
  const replaced = previous === undefined || sameSource ? undefined : previous
  return {
    exitCode: exitCodes.ok,
    json: { host, projectId, module: files.module, lock: files.lock, written, ...changes, skipped },
    lines: context.options.quiet === true ? [] : renderPull({ changes, skipped, files, written, replaced }),
  }
}

/** Reads the existing lock file. Replaces an invalid one (merge conflict, edit), but never a file of another kind. */
function readPreviousLock(
  context: Context,
  text: string | undefined,
  file: string,
  force: boolean,
): EndpointsLock | undefined {
  if (text === undefined || text.trim() === '') return undefined
  try {
    return readLock(text, file, 'Pass another --lock, or --force to replace the file.')
  } catch (error) {
    const isLock = text.includes('"lockfileVersion"') && text.includes('"projectId"')
    if (!force && !isLock) throw error
    context.note(
      `${describeError(error, context.flags).message} Replacing it; identifiers come from the module.`,
    )
    return undefined
  }
}

interface Descriptions {
  /** The endpoints of the module. */
  readonly descriptions: readonly EndpointDescription[]
  readonly skipped: readonly SkippedEndpoint[]
}

/** Lists, selects and describes the endpoints of the module. */
async function readDescriptions(
  context: Context,
  endpoints: ManageEndpoints,
  names: readonly string[],
  options: PullOptions,
): Promise<Descriptions> {
  const includeInactive = options.includeInactive === true
  const { listed, invalid } = await readList(context, endpoints, options)
  const { selected, inactive } = selectEndpoints(listed, names, includeInactive)
  const results = await readAll(context, endpoints, selected, options)
  const described = results.flatMap(({ description }) => description ?? [])
  // The endpoint or its version may have become inactive since the list was read.
  const isIncluded = ({ isActive }: EndpointDescription): boolean => isActive || includeInactive
  return {
    descriptions: described.filter(isIncluded),
    skipped: [
      ...invalid,
      ...inactive.map((name) => ({ name, reason: 'inactive' })),
      ...described
        .filter((description) => !isIncluded(description))
        .map(({ name }) => ({ name, reason: 'inactive' })),
      ...results.flatMap(({ name, problem }) => (problem === undefined ? [] : [{ name, reason: problem }])),
    ],
  }
}

interface EndpointList {
  readonly listed: readonly ListedEndpoint[]
  /** Empty without `--skip-invalid`. */
  readonly invalid: readonly SkippedEndpoint[]
}

async function readList(
  { io: { signal }, flags }: Context,
  endpoints: ManageEndpoints,
  { skipInvalid }: PullOptions,
): Promise<EndpointList> {
  const listed: ListedEndpoint[] = []
  const invalid: SkippedEndpoint[] = []
  for await (const endpoint of endpoints.list({}, { signal })) {
    try {
      listed.push(readListedEndpoint(endpoint))
    } catch (error) {
      if (skipInvalid !== true || !(error instanceof EndpointDescriptionError)) throw error
      invalid.push({ name: error.endpoint, reason: describeError(error, flags).message })
    }
  }
  return { listed, invalid }
}

/** A description, or the problem that prevents one. */
interface ReadResult {
  readonly name: string
  readonly description?: EndpointDescription
  readonly problem?: string
}

async function readAll(
  context: Context,
  endpoints: ManageEndpoints,
  selected: readonly ListedEndpoint[],
  { concurrency, skipInvalid }: PullOptions,
): Promise<ReadResult[]> {
  const progress = context.progress('Reading endpoints', selected.length)
  try {
    return await mapConcurrent(
      selected,
      concurrency,
      context.io.signal,
      async ({ name, version }, signal) => {
        const endpoint = await endpoints.get(name, { version }, { signal })
        const openapi = await endpoints.openapi(name, { version }, { signal })
        try {
          return { name, description: toDescription(name, endpoint, openapi) }
        } catch (error) {
          if (skipInvalid !== true) throw error
          return { name, problem: describeError(error, context.flags).message }
        } finally {
          progress.tick()
        }
      },
    )
  } finally {
    progress.finish()
  }
}
