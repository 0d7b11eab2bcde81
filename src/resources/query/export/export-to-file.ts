import { booleanOption, checkOptions, type OptionChecks } from '../../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { requireText } from '../../check-arguments.ts'
import { fingerprint } from '../../response-cache.ts'
import type { RowSource } from '../stream/stream-options.ts'
import { type Checkpoint, readCheckpoint, removeTemporary, writeCheckpoint } from './checkpoint.ts'
import { convertPart } from './convert-part.ts'
import { lockExport } from './export-lock.ts'
import type { ExportOptions, ExportSteps } from './export-options.ts'
import { type FileFormat, fileFormat } from './file-format.ts'
import { fileSystem } from './file-system.ts'
import { assertNotExisting, notWritable, publishPart, removeLeftover } from './part-file.ts'
import { type Run, writePart } from './write-part.ts'

const formats: readonly unknown[] = ['ndjson', 'csv', 'parquet', 'arrow']
const exportChecks: OptionChecks<ExportOptions> = {
  format: {
    accepts: (value) => formats.includes(value) || typeof Object(value).load === 'function',
    expected: formats.join(', '),
  },
  gzip: booleanOption,
  checkpoint: {
    accepts: (value) => value === false || (typeof value === 'string' && value !== ''),
    expected: 'a path or false',
  },
  overwrite: booleanOption,
  disarmFormulas: booleanOption,
}

/**
 * Writes rows to `path` with `.part` and renames it when it is complete. After a crash, rows behind the checkpoint are
 * truncated and read again. Complete rows are converted to a columnar format. A lock excludes other runs.
 */
export async function* exportToFile(
  source: RowSource<unknown>,
  path: string,
  options: ExportOptions,
): ExportSteps {
  requireText('path', path)
  checkOptions('toFile', options, exportChecks)
  fileSystem()
  const { overwrite = false } = options
  const format = await fileFormat(path, options)
  const checkpointPath = checkpointPathFor(source, path, options.checkpoint)
  const identity = await identityOf(source, format)
  const part = `${path}.part`
  const lock = await lockExport(part).catch((error: unknown) => {
    throw error instanceof ConfigurationError ? error : notWritable(part, error)
  })
  try {
    if (checkpointPath !== undefined && lock.crashed !== undefined)
      await removeTemporary(checkpointPath, lock.crashed.token)
    const before = checkpointPath === undefined ? undefined : await readCheckpoint(checkpointPath, identity)
    if (before === undefined) await removeLeftover(part, lock.crashed)
    if (before?.next !== null && !overwrite) await assertNotExisting(path)
    const start: Checkpoint = before ?? { export: identity, rows: 0, bytes: 0, tail: '' }
    const run: Run = { source, part, checkpointPath, lock, format }
    let state = start.next === null ? start : yield* writePart(run, start, before !== undefined)
    let finished = part
    if (format.convert !== undefined) {
      finished = `${path}.converted.part`
      if (state.converted !== true) {
        state = yield* convertPart(run, finished, state, format.convert)
        if (checkpointPath !== undefined) await writeCheckpoint(checkpointPath, state, lock.token)
      }
      await fileSystem().rm(part, { force: true })
    }
    await lock.verify()
    await publishPart(finished, path, state, overwrite)
    if (checkpointPath !== undefined) await fileSystem().rm(checkpointPath, { force: true })
    return { path, rows: state.rows, bytes: state.bytes, resumedAt: start.rows }
  } finally {
    await lock.release()
  }
}

/** Options that do not change the exported rows. */
const ignoredOptions: readonly string[] = [
  'pageSize',
  'verifyCount',
  'concurrency',
  'size',
  'signal',
  'timeout',
  'totalTimeout',
]

/** Identifies an export by its project, query, options and format. */
async function identityOf(source: RowSource<unknown>, format: FileFormat): Promise<string> {
  const { origin, projectId } = source.requester.config
  const { query, options } = await source.identity()
  const relevant = Object.entries(options).filter(([name]) => !ignoredOptions.includes(name))
  return fingerprint(JSON.stringify([origin, projectId, format.id, query, relevant]))
}

/** Returns the path of the checkpoint, if the export has one. */
function checkpointPathFor(
  { resumable }: RowSource<unknown>,
  path: string,
  checkpoint: ExportOptions['checkpoint'],
): string | undefined {
  if (checkpoint === false || (!resumable && checkpoint === undefined)) return undefined
  if (resumable) return checkpoint ?? `${path}.checkpoint`
  throw new ConfigurationError({
    message: 'An export of unordered rows cannot be resumed.',
    fix: 'Pass `orderBy`, or omit `checkpoint`.',
  })
}
