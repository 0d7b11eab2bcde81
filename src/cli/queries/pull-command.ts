import { type ColumnChange, compareColumns } from '../../codegen/queries/compare-columns.ts'
import {
  columnsByHash,
  type LockedQuery,
  parseQueriesLock,
  type QueriesLock,
  type QueryColumn,
  renderQueriesLock,
} from '../../codegen/queries/queries-lock.ts'
import { renderQueries } from '../../codegen/queries/render-queries.ts'
import { byCodeUnit } from '../../codegen/source-text.ts'
import type { AreaReport } from '../area-report.ts'
import { exitCodes } from '../cli-io.ts'
import { configDefaults } from '../config/defaults.ts'
import { assertFixedProject, connect } from '../connect.ts'
import type { Context } from '../context.ts'
import { describeError } from '../errors.ts'
import { assertGeneratedModule, type ModuleFiles, readFileIfExists, writeIfChanged } from '../module-files.ts'
import { type Line, style } from '../output/style.ts'
import { askColumns, createQuestion, type Question } from './ask-columns.ts'
import { findLiterals, type LiteralQuestion } from './literals.ts'
import { type QueriesOptions, queriesFiles } from './queries-options.ts'
import { problemReport } from './query-problems.ts'
import { readQueryFiles } from './read-query-files.ts'

/** Options of `queries pull`. */
export interface PullQueriesOptions extends QueriesOptions {
  /** Asks about all queries, and replaces files that this command did not generate. */
  readonly force?: boolean
}

/**
 * `typehog queries pull`: writes the module of the `.sql` files and its lock file, both or neither. Asks PostHog only
 * about queries that are new or changed. Writes nothing if a file is invalid.
 */
export async function pullQueries(context: Context, options: PullQueriesOptions): Promise<AreaReport> {
  const { cwd } = context.io
  const output = queriesFiles(cwd, options)
  const moduleText = await readFileIfExists(output.modulePath)
  if (options.force !== true) assertGeneratedModule(output, moduleText, 'typehog queries pull')
  const { files, problems } = await readQueryFiles(cwd, options.files ?? configDefaults.queries.files)
  if (problems.length > 0) return problemReport(problems, exitCodes.usage, 'Nothing was written.')
  const literals =
    options.source === undefined ? [] : (await findLiterals(context, options.source, output)).literals

  const connection = await connect(context)
  assertFixedProject(connection)
  const { host, projectId, client } = connection
  const previous = await readPrevious(context, output)
  const sameSource = previous?.host === host && previous.projectId === projectId
  const known =
    sameSource && options.force !== true ? columnsByHash(previous) : new Map<string, readonly QueryColumn[]>()
  const questions = files.map((file) => ({
    file,
    question: createQuestion(file.source, { ...file, text: file.source.text }),
  }))
  const open = [...questions.map(({ question }) => question), ...literals].filter(
    ({ hash }) => !known.has(hash),
  )
  const answers = await askColumns(context, client, open)
  const columnsOf = ({ hash }: Question): readonly QueryColumn[] | undefined => {
    const answer = answers.get(hash)
    return answer !== undefined && 'columns' in answer ? answer.columns : known.get(hash)
  }
  const rejected = questions.flatMap(({ question }) => {
    const answer = answers.get(question.hash)
    return answer !== undefined && 'problem' in answer
      ? [answer.atPlace(question.source, question.asked)]
      : []
  })
  if (rejected.length > 0) return problemReport(rejected, exitCodes.failure, 'Nothing was written.')

  const described = questions.map(({ file, question }) => ({
    file,
    question,
    columns: columnsOf(question) ?? [],
  }))
  const lock: QueriesLock = {
    lockfileVersion: 1,
    host,
    projectId,
    queries: Object.fromEntries(
      described.map(({ file, question, columns }): [string, LockedQuery] => [
        file.name,
        { file: file.source.path, hash: question.hash, columns },
      ]),
    ),
    literals: lockedLiterals(literals, columnsOf),
  }
  const invalid = literals.filter((literal) => columnsOf(literal) === undefined).length
  if (invalid > 0)
    context.note(
      `PostHog rejects ${invalid} hogql literals: run \`typehog queries check --source …\` to see them.`,
    )
  context.io.signal.throwIfAborted()
  const written = await writeIfChanged([
    { path: output.modulePath, text: renderQueries(described) },
    { path: output.lockPath, text: renderQueriesLock(lock) },
  ])
  const changes = comparePull(sameSource ? previous : undefined, lock)
  const { module, lock: lockName } = output
  return {
    exitCode: exitCodes.ok,
    json: { ok: true, host, projectId, module, lock: lockName, written, asked: answers.size, ...changes },
    lines: context.options.quiet === true ? [] : renderPull(changes, output, written, answers.size),
  }
}

/** Reads the existing lock file. Replaces an invalid one, such as one with merge conflicts. */
async function readPrevious(
  context: Context,
  { lock, lockPath }: ModuleFiles,
): Promise<QueriesLock | undefined> {
  const text = await readFileIfExists(lockPath)
  if (text === undefined || text.trim() === '') return undefined
  try {
    return parseQueriesLock(text, lock)
  } catch (error) {
    // Never replaces a file of another kind.
    if (!text.includes('"lockfileVersion"') || !text.includes('"projectId"')) throw error
    context.note(`${describeError(error, context.flags).message} Replacing it.`)
    return undefined
  }
}

function lockedLiterals(
  literals: readonly LiteralQuestion[],
  columnsOf: (question: Question) => readonly QueryColumn[] | undefined,
): Record<string, readonly QueryColumn[]> {
  return Object.fromEntries(
    literals.flatMap((literal) => {
      const columns = columnsOf(literal)
      return columns === undefined ? [] : [[literal.hash, columns] as const]
    }),
  )
}

/** What a pull changed, by names of queries. */
interface PullChanges {
  readonly added: readonly string[]
  readonly changed: readonly { readonly name: string; readonly columns: readonly ColumnChange[] }[]
  readonly unchanged: readonly string[]
  readonly removed: readonly string[]
}

function comparePull(previous: QueriesLock | undefined, next: QueriesLock): PullChanges {
  const before = new Map(Object.entries(previous?.queries ?? {}))
  const after = Object.entries(next.queries).sort(([a], [b]) => byCodeUnit(a, b))
  const both = after.flatMap(([name, query]) => {
    const old = before.get(name)
    return old === undefined ? [] : [{ name, old, query }]
  })
  const isSame = ({ old, query }: (typeof both)[number]): boolean =>
    old.hash === query.hash && JSON.stringify(old.columns) === JSON.stringify(query.columns)
  return {
    added: after.filter(([name]) => !before.has(name)).map(([name]) => name),
    changed: both
      .filter((pair) => !isSame(pair))
      .map(({ name, old, query }) => ({ name, columns: compareColumns(old.columns, query.columns) })),
    unchanged: both.filter(isSame).map(({ name }) => name),
    removed: [...before.keys()].filter((name) => next.queries[name] === undefined).sort(byCodeUnit),
  }
}

function renderPull(
  { added, changed, unchanged, removed }: PullChanges,
  { module, lock }: ModuleFiles,
  written: boolean,
  asked: number,
): Line[] {
  const total = added.length + changed.length + unchanged.length
  const counts = `${added.length} added, ${changed.length} changed, ${unchanged.length} unchanged, ${removed.length} removed`
  return [
    ...added.map((name) => style.green(`+ ${name}`)),
    ...changed.flatMap(({ name, columns }): Line[] => [
      style.yellow(`~ ${name}`),
      ...columns.map(({ message }) => style.dim(`    ${message}`)),
    ]),
    ...removed.map((name) => style.red(`- ${name}`)),
    total === 0 ? 'No query files: the module is empty.' : `${counts}; asked PostHog about ${asked}`,
    written ? `Wrote ${module} and ${lock}.` : `${module} and ${lock} are up to date.`,
  ]
}
