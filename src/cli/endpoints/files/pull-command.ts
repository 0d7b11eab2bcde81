import { join, resolve } from 'node:path'
import { compareDefinition } from '../../../codegen/endpoint-files/compare-definition.ts'
import type { EndpointFile } from '../../../codegen/endpoint-files/endpoint-file.ts'
import { type EndpointState, toDefinition } from '../../../codegen/endpoint-files/endpoint-state.ts'
import { hashQuery, isPushedQuery, type PushedEndpoint } from '../../../codegen/endpoint-files/push-record.ts'
import {
  type RenderedFile,
  renderEndpointFile,
  updateEndpointFile,
} from '../../../codegen/endpoint-files/render-file.ts'
import type { AreaReport } from '../../area-report.ts'
import { exitCodes } from '../../cli-io.ts'
import { assertFixedProject } from '../../connect.ts'
import type { Context } from '../../context.ts'
import { UsageError } from '../../errors.ts'
import { readFileIfExists, writeIfChanged } from '../../module-files.ts'
import { type Line, style } from '../../output/style.ts'
import { formatCount } from '../../output/text.ts'
import { selectEndpoints } from '../read-endpoints.ts'
import { failOnProblems, parseFiles } from './read-files.ts'
import { type ProjectState, readProject, recordPushed } from './read-project.ts'

/** Options of `endpoints pull --yaml`. */
export interface PullFilesOptions {
  /** The folder of the files. */
  readonly yaml: string
  readonly includeInactive?: boolean
}

/**
 * `typehog endpoints pull --yaml`: writes a file for each endpoint, all or none. Existing files keep their comments,
 * unknown keys and order. Files of endpoints without differences are not written.
 */
export async function pullEndpointFiles(
  context: Context,
  names: readonly string[],
  { yaml: folder, includeInactive = false }: PullFilesOptions,
): Promise<AreaReport> {
  const existing = await readFolder(context, folder)
  const project = await readProject(context, {})
  assertFixedProject(project.connection)
  const listed = [...project.endpoints.values()]
  const { selected, inactive } = selectEndpoints(listed, names, includeInactive)
  const states = selected.flatMap(({ name }) => project.endpoints.get(name) ?? [])
  assertDistinctFiles(states, existing)

  const results = states.map((state) => pullFile(folder, state, project, existing.get(state.name)))
  for (const { created } of results) if (created !== undefined) await assertFree(context, created)
  context.io.signal.throwIfAborted()
  const files = results.flatMap(({ rendered }) => rendered)
  await writeIfChanged(files.map(({ file, text }) => ({ path: resolve(context.io.cwd, file), text })))
  await recordPushed(context, project, new Map(results.map(({ name, record }) => [name, record])))

  const lines = results.flatMap(({ lines: own }) => own)
  const { host, projectId } = project.connection
  return {
    exitCode: exitCodes.ok,
    json: {
      host,
      projectId,
      folder,
      written: files.map(({ file }) => file),
      endpoints: results.map(({ name, file }) => ({ name, file })),
      skipped: inactive.map((name) => ({ name, reason: 'inactive' })),
    },
    lines: context.options.quiet === true ? [] : [...lines, summarize(results.length, files.length)],
  }
}

function summarize(endpoints: number, written: number): string {
  const count = formatCount(endpoints, 'endpoint')
  if (written === 0) return `${count}: all files are up to date.`
  return `${count}: wrote ${formatCount(written, 'file')}.`
}

/** Reads the endpoints of a folder by name. A folder that does not exist has none. */
async function readFolder(context: Context, folder: string): Promise<ReadonlyMap<string, EndpointFile>> {
  const { endpoints, problems } = await parseFiles(context, [`${folder}/*`])
  failOnProblems(context, problems)
  return new Map(endpoints.map((endpoint) => [endpoint.definition.name, endpoint]))
}

/** Rejects endpoints whose files are the same on disks that ignore case. */
function assertDistinctFiles(
  states: readonly EndpointState[],
  existing: ReadonlyMap<string, EndpointFile>,
): void {
  const taken = new Map<string, string>()
  for (const { name } of states) {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
      throw new UsageError(
        `The name of endpoint "${name}" cannot be the name of a file.`,
        'Pull the others by their names.',
      )
    }
    if (existing.has(name)) continue
    const other = taken.get(name.toLowerCase())
    if (other !== undefined) {
      const fix = `Write one of them by hand, with its name in another file: \`typehog endpoints get ${name}\`.`
      throw new UsageError(`The endpoints "${other}" and "${name}" differ only in case.`, fix)
    }
    taken.set(name.toLowerCase(), name)
  }
}

interface PulledFile {
  readonly name: string
  readonly file: string
  /** Path of a new file. */
  readonly created?: string
  readonly rendered: readonly RenderedFile[]
  readonly lines: readonly Line[]
  readonly record: PushedEndpoint
}

function pullFile(
  folder: string,
  state: EndpointState,
  project: ProjectState,
  existing: EndpointFile | undefined,
): PulledFile {
  const { name, version } = state
  const definition = toDefinition(state, project.variables, existing?.definition)
  const record = { version, query: hashQuery(definition.query) }
  if (existing === undefined) {
    const file = join(folder, `${name}.yaml`).replaceAll('\\', '/')
    const rendered = [{ file, text: renderEndpointFile(definition) }]
    return { name, file, created: file, rendered, lines: [style.green(`+ ${file}`)], record }
  }
  const { file } = existing
  if (existing.yaml === undefined) {
    const before = project.pushed.get(name) ?? { version, query: hashQuery(existing.definition.query) }
    return {
      name,
      file,
      rendered: [],
      lines: [style.dim(`  ${name} skipped: ${file} defines it`)],
      record: before,
    }
  }
  const before = project.pushed.get(name)
  const changes = compareDefinition(state, existing.definition, project.variables, before, 'off')
  const rendered = updateEndpointFile(existing, definition, new Set(changes.map(({ field }) => field)))
  const fields = changes.map(({ field }) => field).join(', ')
  return {
    name,
    file,
    rendered,
    lines: rendered.length === 0 ? [] : [style.yellow(`~ ${file}: ${fields}`)],
    record: isPushedQuery(before, version, existing.definition.query) ? before : record,
  }
}

/** Rejects a new file whose path is taken, by the file of another endpoint. */
async function assertFree(context: Context, file: string): Promise<void> {
  if ((await readFileIfExists(resolve(context.io.cwd, file))) === undefined) return
  throw new UsageError(`${file} exists and defines another endpoint.`, 'Rename the file.')
}
