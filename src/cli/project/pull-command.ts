import { compareProject } from '../../codegen/project/compare-project.ts'
import { createProjectLock } from '../../codegen/project/create-lock.ts'
import { type ProjectArea, projectAreas } from '../../codegen/project/project-description.ts'
import {
  areasOf,
  type ProjectLock,
  parseProjectLock,
  projectPullCommand,
  renderProjectLock,
} from '../../codegen/project/project-lock.ts'
import { docsOf, renderProject } from '../../codegen/project/render-project.ts'
import type { AreaReport } from '../area-report.ts'
import { exitCodes } from '../cli-io.ts'
import { configDefaults } from '../config/defaults.ts'
import { assertFixedProject, connect } from '../connect.ts'
import type { Context } from '../context.ts'
import { describeError, suggestName, UsageError } from '../errors.ts'
import {
  assertGeneratedModule,
  type ModuleFiles,
  moduleFiles,
  readFileIfExists,
  writeIfChanged,
} from '../module-files.ts'
import { renderGradedChanges } from '../output/graded-changes.ts'
import type { Line } from '../output/style.ts'
import { formatCount } from '../output/text.ts'
import { readProject } from './read-project.ts'

/** Options of `project pull`. Omitted `include`, `maxEvents` and `strictNames` come from the lock file. */
export interface ProjectPullOptions {
  readonly out: string
  readonly lock?: string
  /** Areas to read. Default: all. */
  readonly include?: readonly string[]
  /** Number of events whose properties are read. Default: 300. */
  readonly maxEvents?: number
  /** Whether unknown names are compiler errors. Default: `false`. */
  readonly strictNames?: boolean
  readonly concurrency: number
  readonly force?: boolean
}

/** `typehog project pull`: writes the module and the lock file, both or neither. */
export async function pullProject(context: Context, options: ProjectPullOptions): Promise<AreaReport> {
  const files = moduleFiles(context.io.cwd, options)
  const connection = await connect(context)
  assertFixedProject(connection)
  const { host, projectId, client } = connection
  const moduleText = await readFileIfExists(files.modulePath)
  if (options.force !== true) assertGeneratedModule(files, moduleText, projectPullCommand)
  const stored = await readPreviousLock(context, files, options.force === true)
  // Names of another project say nothing about this one.
  const previous = stored?.host === host && stored.projectId === projectId ? stored : undefined
  const areas = options.include === undefined ? areasBefore(previous) : readAreas(options.include)
  const maxEvents = options.maxEvents ?? previous?.maxEvents ?? configDefaults.project.maxEvents
  const strict = options.strictNames ?? previous?.strict ?? false

  const { concurrency } = options
  const description = await readProject(context, client, { areas, maxEvents, concurrency, previous })
  const lock = createProjectLock(description, { host, projectId, strict, maxEvents }, previous)
  context.io.signal.throwIfAborted()
  const written = await writeIfChanged([
    { path: files.modulePath, text: renderProject(lock, docsOf(description)) },
    { path: files.lockPath, text: renderProjectLock(lock) },
  ])
  const changes = previous === undefined ? [] : compareProject(previous, lock)
  const counts = countNames(lock)
  const quiet = context.options.quiet === true
  return {
    exitCode: exitCodes.ok,
    json: { host, projectId, module: files.module, lock: files.lock, written, ...counts, changes },
    lines: quiet
      ? []
      : [
          ...(stored === undefined || previous !== undefined
            ? []
            : [`Replaced the lock file of ${stored.host}, project ${stored.projectId}.`]),
          ...renderGradedChanges(changes, false),
          ...countLines(counts),
          written
            ? `Wrote ${files.module} and ${files.lock}.`
            : `${files.module} and ${files.lock} are up to date.`,
        ],
  }
}

function areasBefore(previous: ProjectLock | undefined): readonly ProjectArea[] {
  return previous === undefined ? projectAreas : areasOf(previous)
}

function readAreas(names: readonly string[]): ProjectArea[] {
  return names.map((name) => {
    const area = projectAreas.find((known) => known === name)
    if (area !== undefined) return area
    throw new UsageError(`"${name}" is not an area of a project.`, suggestName(name, projectAreas))
  })
}

/** Reads the existing lock file. Replaces an invalid one (merge conflict, edit), but never a file of another kind. */
async function readPreviousLock(
  context: Context,
  { lock: file, lockPath }: ModuleFiles,
  force: boolean,
): Promise<ProjectLock | undefined> {
  const text = await readFileIfExists(lockPath)
  if (text === undefined || text.trim() === '') return undefined
  try {
    return parseProjectLock(text, file)
  } catch (error) {
    const isLock = text.includes('"lockfileVersion"') && text.includes('"maxEvents"')
    if (!force && !isLock) {
      throw new UsageError(
        `${file} is not a lock file of \`${projectPullCommand}\`.`,
        'Pass another --lock, or --force to replace the file.',
        error,
      )
    }
    context.note(
      `${describeError(error, context.flags).message} Replacing it; constants get new names where they collide.`,
    )
    return undefined
  }
}

/** Numbers of names in a lock; areas that were not pulled are absent. */
interface NameCounts {
  readonly names: Readonly<Partial<Record<ProjectArea, number>>>
  /** Number of events whose properties were not read. */
  readonly eventsWithoutProperties: number
}

function countNames(lock: ProjectLock): NameCounts {
  const events = Object.values(lock.events ?? {})
  return {
    names: Object.fromEntries(areasOf(lock).map((area) => [area, Object.keys(lock[area] ?? {}).length])),
    eventsWithoutProperties: events.filter(({ properties }) => properties === undefined).length,
  }
}

const nouns: Readonly<Record<ProjectArea, string>> = {
  events: 'event',
  featureFlags: 'feature flag',
  cohorts: 'cohort',
  groups: 'group type',
  variables: 'variable',
}

function countLines({ names, eventsWithoutProperties }: NameCounts): Line[] {
  const counts = projectAreas.flatMap((area) =>
    names[area] === undefined ? [] : formatCount(names[area], nouns[area]),
  )
  return [
    counts.join(', '),
    ...(eventsWithoutProperties === 0
      ? []
      : [
          `${formatCount(eventsWithoutProperties, 'event')} without properties and constants. \`${projectPullCommand} --max-events\` raises the limit.`,
        ]),
  ]
}
