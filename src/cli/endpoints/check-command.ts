import { type Change, type CurrentEndpoint, compareLock } from '../../codegen/endpoints/compare-lock.ts'
import { readListedEndpoint } from '../../codegen/endpoints/describe-endpoint.ts'
import { readModuleIdentifiers, renamedIdentifiers } from '../../codegen/endpoints/identifiers.ts'
import { createLock, type EndpointsLock, identifiersOf, renderLock } from '../../codegen/endpoints/lock.ts'
import { renderModule } from '../../codegen/endpoints/render-module.ts'
import type { ManageEndpoints } from '../../resources/endpoints/manage-endpoints.ts'
import { mapConcurrent } from '../../shared/map-concurrent.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { type Connection, connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { type Line, style } from '../output/style.ts'
import { type ModuleFiles, moduleFiles, readFileIfExists, readLock } from './module-files.ts'
import { ignoreNotFound, readEndpoint } from './read-endpoints.ts'

/** Options of `endpoints check`. */
export interface CheckOptions {
  readonly out: string
  readonly lock?: string
  readonly concurrency: number
  readonly strict?: boolean
}

/** `typehog endpoints check`: compares the lock file with the server. Writes nothing. */
export async function checkEndpoints(context: Context, options: CheckOptions): Promise<ExitCode> {
  const files = moduleFiles(context.io.cwd, options)
  const text = await readFileIfExists(files.lockPath)
  if (text === undefined) {
    throw new UsageError(
      `The lock file ${files.lock} does not exist.`,
      'Run `typehog endpoints pull`, then commit the module and the lock file.',
    )
  }
  const lock = readLock(text, files.lock, 'Restore the file, or run `typehog endpoints pull --force`.')
  const connection = await connectWithPersonalKey(context)
  assertSameSource(lock, connection, files)

  const current = await readCurrent(context, connection.client.endpoints, lock, options.concurrency)
  const moduleText = await readFileIfExists(files.modulePath)
  const changes = [...identifierChanges(moduleText, lock), ...compareLock(lock, current)]
  const module = moduleState(lock, current, moduleText)
  const counts = countGrades(changes, module)
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
      changes: changes.map(({ endpoint, grade, message, fix }) => ({
        endpoint,
        grade,
        message,
        fix: fix ?? null,
      })),
    })
  } else {
    const quiet = context.options.quiet === true
    context.print(...renderCheck({ changes, module, endpoints, files, quiet }))
  }
  return failed ? exitCodes.drift : exitCodes.ok
}

function assertSameSource(lock: EndpointsLock, { host, projectId }: Connection, files: ModuleFiles): void {
  if (lock.host === host && lock.projectId === projectId) return
  throw new UsageError(
    `${files.lock} belongs to ${lock.host}, project ${lock.projectId}, but ${host}, project ${projectId} is configured.`,
    'Set `--host` and `--project`, or POSTHOG_HOST and POSTHOG_PROJECT_ID, to the values of the lock file.',
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
  const rendered = renderModule(pinned, source, identifiers)
  return withoutComments(text) === withoutComments(rendered) ? 'current' : 'differs'
}

/** Removes comments on lines of their own: descriptions may change at any time. */
function withoutComments(module: string): string {
  return module.replace(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)\r?\n/gm, '').replaceAll('\r\n', '\n')
}

/** Endpoints with different identifiers in the module and the lock file. The next pull renames them. */
function identifierChanges(text: string | undefined, lock: EndpointsLock): Change[] {
  return renamedIdentifiers(readModuleIdentifiers(text ?? ''), identifiersOf(lock)).map(
    ({ name, from, to }) => ({
      endpoint: name,
      grade: 'breaking',
      message: `The module exports endpoints.${from}, but the lock file says endpoints.${to}.`,
      fix: 'Run `typehog endpoints pull`, then fix the compiler errors in your code.',
    }),
  )
}

type Grade = Change['grade']

/** Counts changes by grade. A missing module counts as breaking, a different one as risky. */
function countGrades(changes: readonly Change[], module: ModuleState): Record<Grade, number> {
  const counts: Record<Grade, number> = {
    breaking: module === 'missing' ? 1 : 0,
    risky: module === 'differs' ? 1 : 0,
    safe: 0,
  }
  for (const { grade } of changes) counts[grade] += 1
  return counts
}

interface CheckResult {
  readonly changes: readonly Change[]
  readonly module: ModuleState
  /** Number of locked endpoints. */
  readonly endpoints: number
  readonly files: Pick<ModuleFiles, 'module' | 'lock'>
  /** Shows breaking changes only. */
  readonly quiet: boolean
}

const symbols: Readonly<Record<Grade, string>> = { breaking: '✗', risky: '!', safe: '·' }
const gradeStyles = { breaking: style.red, risky: style.yellow, safe: style.dim }
const worstFirst: readonly Grade[] = ['breaking', 'risky', 'safe']

/** Renders the result of a check as lines, breaking changes first. */
function renderCheck({ changes, module, endpoints, files, quiet }: CheckResult): Line[] {
  const renderChange = (grade: Grade, subject: string, message: string, fix: string | undefined): Line[] => [
    [gradeStyles[grade](`${symbols[grade]} ${grade.padEnd(8)}`), '  ', style.bold(subject), `: ${message}`],
    ...(fix === undefined ? [] : [style.dim(`            ${fix}`)]),
  ]
  const pullFix = 'Run `typehog endpoints pull`.'
  const lines = worstFirst
    .filter((grade) => !quiet || grade === 'breaking')
    .flatMap((grade) => [
      ...(grade === 'breaking' && module === 'missing'
        ? renderChange(grade, files.module, 'The module is missing.', pullFix)
        : []),
      ...changes
        .filter((change) => change.grade === grade)
        .flatMap(({ endpoint, message, fix }) => renderChange(grade, endpoint, message, fix)),
      ...(grade === 'risky' && module === 'differs'
        ? renderChange(
            grade,
            files.module,
            'The module was edited, or generated by another version of typehog.',
            pullFix,
          )
        : []),
    ])
  if (quiet) return lines
  const { breaking, risky, safe } = countGrades(changes, module)
  const total = `${endpoints} ${endpoints === 1 ? 'endpoint' : 'endpoints'}`
  const verdict =
    lines.length === 0
      ? style.green(`✓ ${total} in ${files.lock}: no changes.`)
      : `${breaking} breaking, ${risky} risky, ${safe} safe in ${total}`
  return [...lines, verdict]
}
