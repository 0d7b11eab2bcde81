import { resolve } from 'node:path'
import type { Change } from '../../codegen/change.ts'
import { findColumnUses } from '../../codegen/queries/column-uses.ts'
import type { QueryColumn } from '../../codegen/queries/queries-lock.ts'
import { compareRowType } from '../../codegen/queries/row-fit.ts'
import type { SourceProblem } from '../../codegen/queries/source-problem.ts'
import { formatPlace, placeOf, type SourcePlace } from '../../codegen/source-place.ts'
import type { Answer } from './ask-columns.ts'
import type { SkippedLiteral, SourceLiterals } from './literals.ts'
import { createSourceProgram, filesWithText, loadTypeScript, sourceOf } from './source-program.ts'

/** A finding of a check with the places that it concerns. */
export interface QueryChange extends Change {
  readonly places: readonly SourcePlace[]
}

/** Result of the check of literals. */
export interface LiteralFindings {
  readonly changes: readonly QueryChange[]
  readonly skipped: readonly SkippedLiteral[]
  /** Number of literals whose columns are known. */
  readonly checked: number
}

/**
 * Checks literals against their columns: rejected queries, and row types that do not fit.
 *
 * @param known columns by hash, from the lock file
 */
export function checkLiterals(
  cwd: string,
  { program, literals, problems, skipped: unread }: SourceLiterals,
  answers: ReadonlyMap<string, Answer>,
  known: ReadonlyMap<string, readonly QueryColumn[]>,
): LiteralFindings {
  const changes: QueryChange[] = problems.map(problemChange)
  const skipped = [...unread]
  let checked = 0
  for (const { hash, place, rowType, isGuessed, source, asked } of literals) {
    const answer = answers.get(hash)
    if (answer !== undefined && 'problem' in answer) {
      // Equal queries share an answer, but each has a place of its own.
      const problem = answer.atPlace(source, asked)
      if (answer.hasPosition || !isGuessed) changes.push(problemChange(problem))
      else skipped.push({ place, reason: `PostHog rejects it with sample values: ${problem.message}` })
      continue
    }
    const columns = answer?.columns ?? known.get(hash)
    if (columns === undefined) {
      skipped.push({ place, reason: 'its columns are not in the lock file' })
      continue
    }
    checked += 1
    if (rowType === undefined || program === undefined) continue
    for (const { node, ...mismatch } of compareRowType(program.tsApi, program.checker, rowType, columns)) {
      const at = placeOf(sourceOf(cwd, node.getSourceFile()), node.getStart())
      changes.push({ subject: formatPlace(at), ...mismatch, places: [at] })
    }
  }
  return { changes, skipped, checked }
}

function problemChange(problem: SourceProblem): QueryChange {
  const { message, fix, path, line, column } = problem
  return {
    subject: formatPlace(problem),
    grade: 'breaking',
    message,
    ...(fix === undefined ? {} : { fix }),
    places: [{ path, line, column }],
  }
}

/** A column that code may read, with the row type that has it. */
export interface ReadColumn {
  readonly rowType: string
  readonly column: string
}

/** Finds the places that read columns of the generated module, by `rowType.column`. */
export async function placesOfColumns(
  cwd: string,
  patterns: readonly string[],
  modulePath: string,
  columns: readonly ReadColumn[],
): Promise<ReadonlyMap<string, readonly SourcePlace[]>> {
  const tsApi = loadTypeScript(cwd)
  const names = columns.map(({ column }) => column)
  const paths = (await filesWithText(cwd, patterns, names)).filter((path) => path !== modulePath)
  const program = createSourceProgram(tsApi, cwd, [...paths, modulePath])
  const module = program.file(resolve(modulePath))
  if (module === undefined) return new Map()
  const wanted = new Map<string, Set<string>>()
  for (const { rowType, column } of columns)
    wanted.set(rowType, (wanted.get(rowType) ?? new Set<string>()).add(column))
  const places = new Map<string, SourcePlace[]>()
  for (const { rowType, column, node } of findColumnUses(
    tsApi,
    program.checker,
    program.files,
    module,
    wanted,
  )) {
    const key = `${rowType}.${column}`
    const place = placeOf(sourceOf(cwd, node.getSourceFile()), node.getStart())
    places.set(key, [...(places.get(key) ?? []), place])
  }
  return places
}
