import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { duplicateNames, type QueryFile, readQueryFile } from '../../codegen/queries/query-file.ts'
import type { SourceProblem } from '../../codegen/queries/source-problem.ts'
import { normalizeText } from '../../codegen/source-text.ts'
import { findFiles } from '../find-files.ts'

/** Query files, and the problems of those that could not be read. */
export interface QueryFiles {
  readonly files: readonly QueryFile[]
  readonly problems: readonly SourceProblem[]
}

/** Reads the query files that match patterns. Sends no request. */
export async function readQueryFiles(cwd: string, patterns: readonly string[]): Promise<QueryFiles> {
  const paths = await findFiles(cwd, patterns, (path) => path.endsWith('.sql'))
  const problems: SourceProblem[] = []
  const files: QueryFile[] = []
  for (const path of paths) {
    const text = normalizeText(await readFile(resolve(cwd, path), 'utf8'))
    const file = readQueryFile({ path, text }, (problem) => problems.push(problem))
    if (file !== undefined) files.push(file)
  }
  return { files, problems: [...problems, ...duplicateNames(files)] }
}
