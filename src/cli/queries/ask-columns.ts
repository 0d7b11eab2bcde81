import type { TypehogClient } from '../../client/create-client.ts'
import { type ColumnsQuery, columnsQuery } from '../../codegen/queries/columns-query.ts'
import { hashOfQuery, type QueryColumn } from '../../codegen/queries/queries-lock.ts'
import { fromCodePoints, problemAt, type SourceProblem } from '../../codegen/queries/source-problem.ts'
import type { SourceText } from '../../codegen/source-place.ts'
import { APIError } from '../../runtime/errors/api-errors.ts'
import { hogql } from '../../runtime/hogql/hogql.ts'
import { isObject } from '../../shared/is-object.ts'
import { mapConcurrent } from '../../shared/map-concurrent.ts'
import type { Context } from '../context.ts'

/** A query to ask PostHog about, and where it stands. */
export interface Question {
  readonly source: SourceText
  readonly asked: ColumnsQuery
  readonly hash: string
}

/** PostHog's answer: the columns, or why it rejects the query. */
export type Answer =
  | { readonly columns: readonly QueryColumn[] }
  | {
      readonly problem: string
      /** Whether PostHog reported where the fault is. */
      readonly hasPosition: boolean
      /** The problem at the place of a question. Equal queries share an answer. */
      atPlace(source: SourceText, asked: ColumnsQuery): SourceProblem
    }

/** Creates the question about a query in a text. */
export function createQuestion(source: SourceText, query: Parameters<typeof columnsQuery>[0]): Question {
  const asked = columnsQuery(query)
  return { source, asked, hash: hashOfQuery(asked) }
}

/** Number of concurrent queries: as many as PostHog runs for a project. */
const concurrency = 3

/** Asks PostHog for the columns of queries. Returns answers by hash; equal queries are asked once. */
export async function askColumns(
  context: Context,
  client: TypehogClient,
  questions: readonly Question[],
): Promise<ReadonlyMap<string, Answer>> {
  const unique = [...new Map(questions.map((question) => [question.hash, question])).values()]
  const progress = context.progress('Asking for columns', unique.length)
  try {
    const answers = await mapConcurrent(unique, concurrency, context.io.signal, async (question, signal) => {
      const answer = await ask(client, question, signal)
      progress.tick()
      return [question.hash, answer] as const
    })
    return new Map(answers)
  } finally {
    progress.finish()
  }
}

async function ask(client: TypehogClient, { asked }: Question, signal: AbortSignal): Promise<Answer> {
  try {
    const { columns, types } = await client.hogql(hogql.text(asked.query, asked.values), {
      signal,
      // A cached result has the columns of an earlier time.
      refresh: 'force_blocking',
      name: 'typehog queries',
    })
    return { columns: columns.map((name, at) => ({ name, type: types[at] ?? 'Unknown' })) }
  } catch (error) {
    // The local PostHog refuses with 501 what only PostHog can run.
    if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 501)) throw error
    const problem = error.detail ?? error.message
    const { extra } = error
    return {
      problem,
      hasPosition: spanOf(extra, asked) !== undefined,
      atPlace: (source, other) =>
        problemAt(source, spanOf(extra, other) ?? { start: other.toSource(0) }, problem),
    }
  }
}

/** Converts the position in PostHog's error, which counts code points of the query, to the text of the file. */
function spanOf(
  extra: unknown,
  { query, toSource }: ColumnsQuery,
): { start: number; end: number } | undefined {
  if (!isObject(extra)) return undefined
  const { start, end } = extra
  if (typeof start !== 'number' || typeof end !== 'number') return undefined
  return { start: toSource(fromCodePoints(query, start)), end: toSource(fromCodePoints(query, end)) }
}
