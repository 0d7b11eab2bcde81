import { type Change, type CurrentEndpoint, compareLock } from '../../codegen/endpoints/compare-lock.ts'
import { createLock, type EndpointsLock, renderLock } from '../../codegen/endpoints/lock.ts'
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
  const lock = await readLock(text, files.lock, 'Restore the file, or run `typehog endpoints pull --force`.')
  const connection = await connectToRead(context)
  refuseOtherSource(lock, connection, files)

  const current = await readCurrent(context, connection.client.endpoints, lock, options.concurrency)
  const changes = compareLock(lock, current)
  const module = await moduleState(lock, current, files)
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
    const report = renderCheck(shown, context.style)
    if (report !== '') context.print(report)
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
  const now = await unlessMissing(endpoints.get(name, {}, { signal }))
  if (now === undefined) return undefined
  const latest = await readEndpoint(endpoints, name, now.current_version, signal)
  const pinned =
    latest.version === version ? latest : await unlessMissing(readEndpoint(endpoints, name, version, signal))
  if (pinned === undefined) return { pinned, pinnedProblem: 'gone', latest }
  return now.is_active && pinned.isActive ? { pinned, latest } : { pinned, pinnedProblem: 'inactive', latest }
}

/** Only when the server still is what the lock says can the module be rendered again and compared. */
async function moduleState(
  lock: EndpointsLock,
  current: ReadonlyMap<string, CurrentEndpoint>,
  files: ModuleFiles,
): Promise<ModuleState> {
  const text = await readIfThere(files.modulePath)
  if (text === undefined) return 'missing'
  const source = { host: lock.host, projectId: lock.projectId }
  const pinned = Object.keys(lock.endpoints).flatMap((name) => current.get(name)?.pinned ?? [])
  if (renderLock(await createLock(pinned, source)) !== renderLock(lock)) return 'unknown'
  return code(text) === code(renderModule(pinned, source)) ? 'current' : 'differs'
}

/** A module without the comments that stand on their own lines: descriptions may change at any time. */
function code(module: string): string {
  return module.replace(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)\r?\n/gm, '').replaceAll('\r\n', '\n')
}
