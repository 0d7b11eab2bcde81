import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { checkDefinitions } from '../../../codegen/endpoint-files/check-definition.ts'
import type { EndpointFile, QueryFile } from '../../../codegen/endpoint-files/endpoint-file.ts'
import { type FileProblem, renderPlace } from '../../../codegen/endpoint-files/file-problem.ts'
import { readModuleDefinitions } from '../../../codegen/endpoint-files/module-definitions.ts'
import { parseEndpointFile } from '../../../codegen/endpoint-files/parse-file.ts'
import type { Context } from '../../context.ts'
import { UsageError } from '../../errors.ts'
import { findFiles } from '../../find-files.ts'
import { loadModule } from '../../load-module.ts'
import { style } from '../../output/style.ts'

/** Folder of endpoint files when neither the command nor the configuration names any. */
export const defaultFolder = 'endpoints'

const isYaml = (path: string): boolean => /\.ya?ml$/.test(path)
const isModule = (path: string): boolean =>
  /\.[cm]?[jt]s$/.test(path) && !/\.(?:d|test|spec)\.[cm]?[jt]s$/.test(path)

/** Whether a file of a folder can define endpoints. */
const isEndpointFile = (path: string): boolean => isYaml(path) || isModule(path)

/**
 * Reads and checks the endpoints of files, folders and globs. Prints all problems before it throws.
 *
 * @throws UsageError for a file with a problem, or when there are no endpoints
 */
export async function readEndpointFiles(context: Context, paths: readonly string[]): Promise<EndpointFile[]> {
  const { endpoints, problems } = await parseFiles(context, paths)
  failOnProblems(context, [...problems, ...checkDefinitions(endpoints)])
  if (endpoints.length > 0) return endpoints
  throw new UsageError(
    `${paths.join(', ')} ${paths.length === 1 ? 'has' : 'have'} no endpoint files.`,
    'Run `typehog endpoints pull --yaml` to write some, or pass the folder of your files.',
  )
}

/** Reads the endpoints of files without checking their queries. */
export async function parseFiles(
  context: Context,
  paths: readonly string[],
): Promise<{ readonly endpoints: EndpointFile[]; readonly problems: FileProblem[] }> {
  const { cwd } = context.io
  const files = await findFiles(cwd, paths, isEndpointFile)
  const endpoints: EndpointFile[] = []
  const problems: FileProblem[] = []
  for (const file of files) {
    const path = resolve(cwd, file)
    const parsed = isModule(file)
      ? readModuleDefinitions(file, await loadModule(path))
      : toList(parseEndpointFile(file, await readFile(path, 'utf8'), queryFileReader(cwd, file)))
    endpoints.push(...parsed.endpoints)
    problems.push(...parsed.problems)
  }
  return { endpoints, problems }
}

function toList({ endpoint, problems }: ReturnType<typeof parseEndpointFile>): {
  readonly endpoints: readonly EndpointFile[]
  readonly problems: readonly FileProblem[]
} {
  return { endpoints: endpoint === undefined ? [] : [endpoint], problems }
}

/** Returns a reader of `.sql` files relative to a YAML file. */
function queryFileReader(cwd: string, yaml: string): (path: string) => QueryFile | undefined {
  return (path) => {
    const file = join(dirname(yaml), path)
    try {
      return { file: file.replaceAll('\\', '/'), text: readFileSync(resolve(cwd, file), 'utf8') }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined
      throw error
    }
  }
}

/**
 * Prints problems with their places.
 *
 * @throws UsageError when there are any
 */
export function failOnProblems(context: Context, problems: readonly FileProblem[]): void {
  for (const { place, message, fix } of problems) {
    context.warn([style.bold(renderPlace(place)), `: ${message}`])
    context.warn([style.dim(`  ${fix}`)])
  }
  if (problems.length === 0) return
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  throw new UsageError(
    `The endpoint files have ${count}.`,
    'Correct the files. Nothing was changed in PostHog.',
  )
}
