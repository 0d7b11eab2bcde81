import { typeName } from '../../codegen/endpoints/identifiers.ts'
import { compareColumns } from '../../codegen/queries/compare-columns.ts'
import { columnsByHash, parseQueriesLock, type QueriesLock } from '../../codegen/queries/queries-lock.ts'
import type { QueryFile } from '../../codegen/queries/query-file.ts'
import { renderQueries } from '../../codegen/queries/render-queries.ts'
import { formatPlace } from '../../codegen/source-place.ts'
import type { AreaReport } from '../area-report.ts'
import { exitCodes } from '../cli-io.ts'
import { configDefaults } from '../config/defaults.ts'
import { readSettings } from '../config/settings.ts'
import { type Connection, connect } from '../connect.ts'
import type { Context } from '../context.ts'
import {
  assertSameSource,
  type ModuleFiles,
  readExistingLock,
  readFileIfExists,
  withoutComments,
} from '../module-files.ts'
import { type Answer, askColumns, createQuestion, type Question } from './ask-columns.ts'
import { type CheckQueriesOptions, checkReport } from './check-report.ts'
import { checkLiterals, placesOfColumns, type QueryChange } from './check-source.ts'
import { findLiterals, type SourceLiterals } from './literals.ts'
import { queriesFiles } from './queries-options.ts'
import { problemReport } from './query-problems.ts'
import { readQueryFiles } from './read-query-files.ts'

const pullCommand = 'typehog queries pull'
const pullFix = `Run \`${pullCommand}\` and fix the compiler errors.`

/** A query file with its question. */
interface AskedFile {
  readonly file: QueryFile
  readonly question: Question
}

/**
 * `typehog queries check`: compares the `.sql` files with the module and the lock file, and the lock file with the
 * server. Without an API key it compares offline. With `source` it also checks the `hogql` literals of the source. Writes
 * nothing.
 */
export async function checkQueries(context: Context, options: CheckQueriesOptions): Promise<AreaReport> {
  const { cwd } = context.io
  const output = queriesFiles(cwd, options)
  const { files, problems } = await readQueryFiles(cwd, options.files ?? configDefaults.queries.files)
  if (problems.length > 0) return problemReport(problems, exitCodes.usage, 'Nothing was checked.')
  const lock = parseQueriesLock(await readExistingLock(output, pullCommand), output.lock)
  const asked = files.map(
    (file): AskedFile => ({
      file,
      question: createQuestion(file.source, { ...file, text: file.source.text }),
    }),
  )
  const source =
    options.source === undefined ? undefined : await findLiterals(context, options.source, output)
  const connection = options.offline === true ? undefined : await connectIfConfigured(context)
  if (connection !== undefined) assertSameSource(lock, connection, output)
  const answers =
    connection === undefined
      ? new Map<string, Answer>()
      : await askColumns(context, connection.client, openQuestions(lock, asked, source, options))

  const moduleText = await readFileIfExists(output.modulePath)
  const own = [
    ...fileChanges(lock, asked),
    ...serverChanges(lock, asked, answers),
    ...moduleChanges(output, lock, asked, moduleText),
  ]
  const changes = await withPlaces(
    cwd,
    own,
    options.source,
    moduleText === undefined ? undefined : output.modulePath,
  )
  const literals = source === undefined ? undefined : checkLiterals(cwd, source, answers, columnsByHash(lock))
  return checkReport(context, options, lock, output, {
    changes: [...changes, ...(literals?.changes ?? [])],
    queries: files.length,
    literals,
    isOffline: connection === undefined,
  })
}

/** Connects; undefined without an API key. */
async function connectIfConfigured(context: Context): Promise<Connection | undefined> {
  const { key } = await readSettings(context)
  return key === undefined ? undefined : connect(context)
}

function openQuestions(
  lock: QueriesLock,
  files: readonly AskedFile[],
  source: SourceLiterals | undefined,
  { force }: CheckQueriesOptions,
): Question[] {
  const literals = (source?.literals ?? []).filter(
    ({ hash }) => force === true || lock.literals[hash] === undefined,
  )
  return [...files.map(({ question }) => question), ...literals]
}

/** A change of a query, with the column that code may read. */
interface OwnChange extends Omit<QueryChange, 'places'> {
  readonly column?: string
}

/** Compares the files with the lock file. */
function fileChanges(lock: QueriesLock, files: readonly AskedFile[]): OwnChange[] {
  const names = new Set(files.map(({ file }) => file.name))
  const removed = Object.entries(lock.queries).filter(([name]) => !names.has(name))
  return [
    ...files.flatMap(({ file, question }): OwnChange[] => {
      const locked = Object.hasOwn(lock.queries, file.name) ? lock.queries[file.name] : undefined
      const { path } = file.source
      if (locked === undefined) {
        const message = `${path} is new and not in the module.`
        return [{ subject: file.name, grade: 'breaking', message, fix: `Run \`${pullCommand}\`.` }]
      }
      if (locked.hash === question.hash) return []
      const message = `${path} changed, but the module did not.`
      return [{ subject: file.name, grade: 'breaking', message, fix: pullFix }]
    }),
    ...removed.map(([name, { file }]): OwnChange => {
      const message = `${file} was removed, but the module still has it.`
      return { subject: name, grade: 'breaking', message, fix: pullFix }
    }),
  ]
}

/** Compares the columns of the lock file with those that PostHog reports now. */
function serverChanges(
  lock: QueriesLock,
  files: readonly AskedFile[],
  answers: ReadonlyMap<string, Answer>,
): OwnChange[] {
  return files.flatMap(({ file, question }): OwnChange[] => {
    const answer = answers.get(question.hash)
    if (answer === undefined) return []
    if ('problem' in answer) {
      const place = formatPlace(answer.atPlace(question.source, question.asked))
      const message = `PostHog rejects the query at ${place}: ${answer.problem}`
      return [{ subject: file.name, grade: 'breaking', message, fix: 'Change the query, then pull again.' }]
    }
    const locked = Object.hasOwn(lock.queries, file.name) ? lock.queries[file.name] : undefined
    if (locked === undefined) return []
    return compareColumns(locked.columns, answer.columns).map(({ grade, message, column }) => ({
      subject: file.name,
      grade,
      message,
      ...(grade === 'safe' ? {} : { fix: pullFix }),
      ...(grade === 'safe' ? {} : { column }),
    }))
  })
}

/** What is wrong with the module file itself. It cannot be reproduced while files are ahead of the lock file. */
function moduleChanges(
  { module }: ModuleFiles,
  lock: QueriesLock,
  files: readonly AskedFile[],
  text: string | undefined,
): OwnChange[] {
  const fix = `Run \`${pullCommand}\`.`
  if (text === undefined)
    return [{ subject: module, grade: 'breaking', message: 'The module is missing.', fix }]
  const locked = new Map(Object.entries(lock.queries))
  const described = files.flatMap(({ file, question }) => {
    const query = locked.get(file.name)
    return query?.hash === question.hash ? [{ file, columns: query.columns }] : []
  })
  if (described.length !== files.length || files.length !== locked.size) return []
  if (withoutComments(text) === withoutComments(renderQueries(described))) return []
  const message = 'The module was edited, or does not have the current text of the files.'
  return [{ subject: module, grade: 'breaking', message, fix }]
}

/** Number of places in a message. */
const maxPlaces = 10

/** Adds the places in the code that read changed columns. */
async function withPlaces(
  cwd: string,
  changes: readonly OwnChange[],
  source: readonly string[] | undefined,
  modulePath: string | undefined,
): Promise<QueryChange[]> {
  const columns = changes.flatMap(({ subject, column }) =>
    column === undefined ? [] : [{ rowType: `${typeName(subject)}Row`, column }],
  )
  const found =
    source === undefined || modulePath === undefined || columns.length === 0
      ? undefined
      : await placesOfColumns(cwd, source, modulePath, columns)
  return changes.map(({ column, ...change }) => {
    if (column === undefined) return { ...change, places: [] }
    if (found === undefined) return { ...change, places: [], ...sourceHint(change.fix) }
    const places = found.get(`${typeName(change.subject)}Row.${column}`) ?? []
    const listed = places.slice(0, maxPlaces).map(formatPlace).join(', ')
    const more = places.length > maxPlaces ? ` and ${places.length - maxPlaces} more` : ''
    const used = places.length === 0 ? 'The source does not use it.' : `Used at ${listed}${more}.`
    return { ...change, message: `${change.message} ${used}`, places }
  })
}

function sourceHint(fix: string | undefined): { readonly fix: string } {
  return {
    fix: `${fix ?? ''} \`typehog queries check --source "src/**/*.ts"\` lists the code that uses the column.`.trim(),
  }
}
