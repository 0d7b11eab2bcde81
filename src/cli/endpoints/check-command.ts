import { type Change, type CurrentEndpoint, compareLock } from '../../codegen/endpoints/compare-lock.ts'
import { readListedEndpoint } from '../../codegen/endpoints/describe-endpoint.ts'
import { createLock, type EndpointsLock, identifiersOf, renderLock } from '../../codegen/endpoints/lock.ts'
import { movedIdentifiers, readModuleIdentifiers } from '../../codegen/endpoints/module-identifiers.ts'
import { renderModule } from '../../codegen/endpoints/render-module.ts'
import type { ManageEndpoints } from '../../resources/endpoints/manage-endpoints.ts'
import { type Connection, connectToRead } from '../connect.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type ModuleFiles, moduleFiles, readIfThere } from '../files.ts'
import { mapConcurrent } from '../map-concurrent.ts'
import { UsageError } from '../usage-error.ts'
import { countChanges, type ModuleState, renderCheck } from './check-report.ts'
import { readEndpoint, unlessMissing } from './read-endpoint.ts'
import { readLock } from './read-lock.ts'

/** Options of `endpoints check`. */
export interface CheckOptions {
  readonly out: string
  readonly lock?: string
  readonly concurrency: number
  readonly strict?: boolean
}

/** `typehog endpoints check`: compares the lock with the server. Writes nothing. */
export async function checkEndpoints(context: Context, options: CheckOptions): Promise<ExitCode> {
  const files = moduleFiles(context.io.cwd, options)
  const text = await readIfThere(files.lockPath)
  if (text === undefined) {
    throw new UsageError(
      `There is no ${files.lock}.`,
      'Run `typehog endpoints pull` first, and commit both files.',
    )
  }
  const lock = readLock(text, files.lock, 'Restore the file, or run `typehog endpoints pull --force`.')
  const connection = await connectToRead(context)
  refuseOtherSource(lock, connection, files)

  const current = await readCurrent(context, connection.client.endpoints, lock, options.concurrency)
  const moduleText = await readIfThere(files.modulePath)
  const changes = [...movedInModule(moduleText, lock), ...compareLock(lock, current)]
  const module = moduleState(lock, current, moduleText)
  const counts = countChanges(changes, module)
  const failed = counts.breaking > 0 || (options.strict === true && counts.risky > 0)
  const endpoints = Object.keys(lock.endpoints).length
  if (context.options.json === true) {
    const { host, projectId } = lock
    context.printJson({
      ok: !failed,
      host,
      projectId,
      endpoints,
      counts,
      module,
      changes: changes.map(plain),
    })
  } else {
    const shown = { changes, module, endpoints, files, quiet: context.options.quiet === true }
    context.print(...renderCheck(shown))
  }
  return failed ? exitCodes.drift : exitCodes.ok
}

function plain({ endpoint, grade, message, fix }: Change): Record<string, string | null> {
  return { endpoint, grade, message, fix: fix ?? null }
}

function refuseOtherSource(lock: EndpointsLock, { host, projectId }: Connection, files: ModuleFiles): void {
  if (lock.host === host && lock.projectId === projectId) return
  throw new UsageError(
    `${files.lock} is of ${lock.host}, project ${lock.projectId}; configured is ${host}, project ${projectId}.`,
    'Set POSTHOG_HOST and POSTHOG_PROJECT_ID, or --host and --project, to those of the lock.',
  )
}

async function readCurrent(
  context: Context,
  endpoints: ManageEndpoints,
  lock: EndpointsLock,
  concurrency: number,
): Promise<Map<string, CurrentEndpoint>> {
  const locked = Object.entries(lock.endpoints)
  const progress = context.progress('Checking endpoints', locked.length)
  try {
    const found = await mapConcurrent(
      locked,
      concurrency,
      context.io.signal,
      async ([name, { version }], signal) => {
        const state = await readState(endpoints, name, version, signal)
        progress.tick()
        return [name, state] as const
      },
    )
    return new Map(found.flatMap(([name, state]) => (state === undefined ? [] : [[name, state] as const])))
  } finally {
    progress.finish()
  }
}

/** The pinned and the newest version; undefined when the endpoint is gone. */
async function readState(
  endpoints: ManageEndpoints,
  name: string,
  version: number,
  signal: AbortSignal,
): Promise<CurrentEndpoint | undefined> {
  const found = await unlessMissing(endpoints.get(name, {}, { signal }))
  if (found === undefined) return undefined
  const now = readListedEndpoint(found)
  const latest = await readEndpoint(endpoints, name, now.version, signal)
  const pinned =
    latest.version === version ? latest : await unlessMissing(readEndpoint(endpoints, name, version, signal))
  if (pinned === undefined) return { pinned, pinnedProblem: 'gone', latest }
  return now.isActive && pinned.isActive ? { pinned, latest } : { pinned, pinnedProblem: 'inactive', latest }
}

/** Only when the server still is what the lock says can the module be rendered again and compared. */
function moduleState(
  lock: EndpointsLock,
  current: ReadonlyMap<string, CurrentEndpoint>,
  text: string | undefined,
): ModuleState {
  if (text === undefined) return 'missing'
  const source = { host: lock.host, projectId: lock.projectId }
  const pinned = Object.keys(lock.endpoints).flatMap((name) => current.get(name)?.pinned ?? [])
  const identifiers = identifiersOf(lock)
  if (renderLock(createLock(pinned, source, identifiers)) !== renderLock(lock)) return 'unknown'
  return code(text) === code(renderModule(pinned, source, identifiers)) ? 'current' : 'differs'
}

/** Endpoints whose identifier in the module is another one than in the lock: the next pull renames them in code. */
function movedInModule(text: string | undefined, lock: EndpointsLock): Change[] {
  return movedIdentifiers(readModuleIdentifiers(text ?? ''), identifiersOf(lock)).map(
    ({ name, from, to }) => ({
      endpoint: name,
      grade: 'breaking',
      message: `The module has it as endpoints.${from}, the lock file as endpoints.${to}.`,
      fix: 'Run `typehog endpoints pull`, then let the compiler show what to change.',
    }),
  )
}

/** A module without the comments that stand on their own lines: descriptions may change at any time. */
function code(module: string): string {
  return module.replace(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)\r?\n/gm, '').replaceAll('\r\n', '\n')
}
