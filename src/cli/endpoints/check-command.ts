import { type Change, countGrades } from '../../codegen/change.ts'
import { type CurrentEndpoint, compareLock } from '../../codegen/endpoints/compare-lock.ts'
import { readListedEndpoint } from '../../codegen/endpoints/describe-endpoint.ts'
import { readModuleIdentifiers, renamedIdentifiers } from '../../codegen/endpoints/identifiers.ts'
import { createLock, type EndpointsLock, identifiersOf, renderLock } from '../../codegen/endpoints/lock.ts'
import { hasRegistry, renderModule } from '../../codegen/endpoints/render-module.ts'
import type { ManageEndpoints } from '../../resources/endpoints/manage-endpoints.ts'
import { mapConcurrent } from '../../shared/map-concurrent.ts'
import type { AreaReport } from '../area-report.ts'
import { exitCodes } from '../cli-io.ts'
import { connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import {
  assertSameSource,
  type ModuleFiles,
  moduleFiles,
  readExistingLock,
  readFileIfExists,
  withoutComments,
} from '../module-files.ts'
import { renderGradedChanges } from '../output/graded-changes.ts'
import { type Line, style } from '../output/style.ts'
import { formatCount } from '../output/text.ts'
import { ignoreNotFound, readEndpoint, readLock } from './read-endpoints.ts'

/** Options of `endpoints check`. */
export interface CheckOptions {
  readonly out: string
  readonly lock?: string
  readonly concurrency: number
  readonly strict?: boolean
}

const pullCommand = 'typehog endpoints pull'

/** `typehog endpoints check`: compares the lock file with the server. Writes nothing. */
export async function checkEndpoints(context: Context, options: CheckOptions): Promise<AreaReport> {
  const files = moduleFiles(context.io.cwd, options)
  const text = await readExistingLock(files, pullCommand)
  const lock = readLock(text, files.lock, `Restore the file, or run \`${pullCommand} --force\`.`)
  const connection = await connectWithPersonalKey(context)
  assertSameSource(lock, connection, files)

  const current = await readCurrent(context, connection.client.endpoints, lock, options.concurrency)
  const moduleText = await readFileIfExists(files.modulePath)
  const changes = [...identifierChanges(moduleText, lock), ...compareLock(lock, current)]
  const module = moduleState(lock, current, moduleText)
  const all = [...changes, ...moduleChanges(files, module)]
  const counts = countGrades(all)
  const failed = counts.breaking > 0 || (options.strict === true && counts.risky > 0)
  const endpoints = Object.keys(lock.endpoints).length
  return {
    exitCode: failed ? exitCodes.drift : exitCodes.ok,
    json: {
      ok: !failed,
      host: lock.host,
      projectId: lock.projectId,
      endpoints,
      counts,
      module,
      changes: changes.map(({ subject, grade, message, fix }) => ({
        endpoint: subject,
        grade,
        message,
        fix: fix ?? null,
      })),
    },
    lines: renderCheck(all, endpoints, files, context.options.quiet === true),
  }
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
    const states = await mapConcurrent(
      locked,
      concurrency,
      context.io.signal,
      async ([name, { version }], signal) => {
        const state = await readState(endpoints, name, version, signal)
        progress.tick()
        return [name, state] as const
      },
    )
    return new Map(states.flatMap(([name, state]) => (state === undefined ? [] : [[name, state] as const])))
  } finally {
    progress.finish()
  }
}

/** Reads the pinned and the latest version. Undefined when the endpoint was deleted. */
async function readState(
  endpoints: ManageEndpoints,
  name: string,
  version: number,
  signal: AbortSignal,
): Promise<CurrentEndpoint | undefined> {
  const endpoint = await ignoreNotFound(endpoints.get(name, {}, { signal }))
  if (endpoint === undefined) return undefined
  const listed = readListedEndpoint(endpoint)
  const latest = await readEndpoint(endpoints, name, listed.version, signal)
  const pinned =
    latest.version === version ? latest : await ignoreNotFound(readEndpoint(endpoints, name, version, signal))
  if (pinned === undefined) return { pinned, pinnedProblem: 'deleted', latest }
  return listed.isActive && pinned.isActive
    ? { pinned, latest }
    : { pinned, pinnedProblem: 'inactive', latest }
}

/**
 * State of the module file. `differs`: a pull would write another module. `unknown`: the server changed, so the module
 * cannot be reproduced.
 */
type ModuleState = 'current' | 'differs' | 'missing' | 'unknown'

/** Compares the module with a new rendering, which is possible only while the server matches the lock file. */
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
  const rendered = renderModule(pinned, source, { identifiers, registry: hasRegistry(text) })
  return withoutComments(text) === withoutComments(rendered) ? 'current' : 'differs'
}

/** Endpoints with different identifiers in the module and the lock file. The next pull renames them. */
function identifierChanges(text: string | undefined, lock: EndpointsLock): Change[] {
  return renamedIdentifiers(readModuleIdentifiers(text ?? ''), identifiersOf(lock)).map(
    ({ name, from, to }) => ({
      subject: name,
      grade: 'breaking',
      message: `The module exports endpoints.${from}, but the lock file says endpoints.${to}.`,
      fix: 'Run `typehog endpoints pull`, then fix the compiler errors in your code.',
    }),
  )
}

/** What is wrong with the module file itself. */
function moduleChanges({ module }: ModuleFiles, state: ModuleState): Change[] {
  const fix = `Run \`${pullCommand}\`.`
  if (state === 'missing')
    return [{ subject: module, grade: 'breaking', message: 'The module is missing.', fix }]
  if (state !== 'differs') return []
  const message = 'The module was edited, or generated by another version of typehog.'
  return [{ subject: module, grade: 'risky', message, fix }]
}

/** Renders the result of a check as lines, breaking changes first. */
function renderCheck(
  changes: readonly Change[],
  endpoints: number,
  { lock }: ModuleFiles,
  quiet: boolean,
): Line[] {
  const lines = renderGradedChanges(changes, quiet)
  if (quiet) return lines
  const { breaking, risky, safe } = countGrades(changes)
  const total = formatCount(endpoints, 'endpoint')
  const verdict =
    lines.length === 0
      ? style.green(`✓ ${total} in ${lock}: no changes.`)
      : `${breaking} breaking, ${risky} risky, ${safe} safe in ${total}`
  return [...lines, verdict]
}
