import {
  booleanOption,
  checkOptions,
  type OptionChecks,
  oneOf,
} from '../../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { rowLines } from '../../../runtime/rows/write-rows.ts'
import { alreadyReadError } from '../../../runtime/transport/read-once.ts'
import { requireText } from '../../check-arguments.ts'
import { fingerprint } from '../../response-cache.ts'
import type { RowSource } from '../stream/stream-options.ts'
import { type Checkpoint, readCheckpoint, removeTemporary, writeCheckpoint } from './checkpoint.ts'
import { type ExportLock, lockExport } from './export-lock.ts'
import type {
  ExportFormat,
  ExportJob,
  ExportOptions,
  ExportProgress,
  ExportResult,
  ExportSteps,
} from './export-options.ts'
import { fileId, fileSystem } from './file-system.ts'
import {
  assertNotExisting,
  createPart,
  notWritable,
  publishPart,
  removeLeftover,
  resumePart,
  tailOf,
} from './part-file.ts'

const exportChecks: OptionChecks<ExportOptions> = {
  format: oneOf('ndjson', 'csv'),
  checkpoint: {
    accepts: (value) => value === false || (typeof value === 'string' && value !== ''),
    expected: 'a path or false',
  },
  overwrite: booleanOption,
  disarmFormulas: booleanOption,
}

/** Milliseconds between checkpoints. */
const checkpointMs = 500

/**
 * Writes rows to `path` with `.part` and renames it when it is complete. After a crash, rows behind the checkpoint are
 * truncated and read again. A lock excludes other runs.
 */
async function* exportToFile(source: RowSource<unknown>, path: string, options: ExportOptions): ExportSteps {
  requireText('path', path)
  checkOptions('toFile', options, exportChecks)
  fileSystem()
  const {
    format = path.endsWith('.csv') ? 'csv' : 'ndjson',
    disarmFormulas = false,
    overwrite = false,
  } = options
  const checkpointPath = checkpointPathFor(source, path, options.checkpoint)
  const identity = await identityOf(source, format, disarmFormulas)
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
    const run: Run = { source, part, checkpointPath, lock, lines: { format, disarmFormulas } }
    const state = start.next === null ? start : yield* writeRows(run, start, before !== undefined)
    await lock.verify()
    await publishPart(part, path, state, overwrite)
    if (checkpointPath !== undefined) await fileSystem().rm(checkpointPath, { force: true })
    return { path, rows: state.rows, bytes: state.bytes, resumedAt: start.rows }
  } finally {
    await lock.release()
  }
}

/** The parts of one export run. */
interface Run {
  readonly source: RowSource<unknown>
  readonly part: string
  /** Undefined for an export that cannot be resumed. */
  readonly checkpointPath: string | undefined
  readonly lock: ExportLock
  readonly lines: { readonly format: ExportFormat; readonly disarmFormulas: boolean }
}

/** Writes the remaining rows. Returns the checkpoint of the complete file. */
async function* writeRows(
  { source, part, checkpointPath, lock, lines }: Run,
  start: Checkpoint,
  resumed: boolean,
): AsyncGenerator<ExportProgress, Checkpoint> {
  const utf8 = new TextEncoder()
  let state = start
  let { rows, bytes: size } = start
  const file = resumed ? await resumePart(part, start) : await createPart(part)
  try {
    await lock.recordPart(fileId(await file.stat({ bigint: true })))
    let savedAt = performance.now()
    const save = async (): Promise<void> => {
      await file.datasync()
      state = { ...state, tail: await tailOf(file, state.bytes) }
      await lock.verify()
      if (checkpointPath !== undefined) await writeCheckpoint(checkpointPath, state, lock.token)
      savedAt = performance.now()
    }
    if (!resumed) await save()
    try {
      const { next } = state
      const sourceOptions = { raw: true, ...(typeof next === 'string' ? { after: next } : {}) }
      for await (const page of source.pages(sourceOptions)) {
        const bytes = utf8.encode(rowLines(page, lines.format, size === 0, lines))
        await lock.verify()
        for (let at = 0; at < bytes.length; ) {
          at += (await file.write(bytes, at, bytes.length - at, size + at)).bytesWritten
        }
        size += bytes.length
        rows += page.rows.length
        // After the last page, the source may still report missing rows.
        if (page.next !== undefined) state = { ...state, next: page.next, rows, bytes: size }
        if (checkpointPath !== undefined && performance.now() - savedAt >= checkpointMs) await save()
        yield { rows, bytes: size, progress: page.progress }
      }
      state = { ...state, next: null, rows, bytes: size }
    } finally {
      // Save also on failure or early exit, so that the next run need not read these rows again.
      await save()
    }
  } finally {
    await file.close()
    // Without a checkpoint, the file cannot be resumed.
    if (checkpointPath === undefined && state.next !== null && (await lock.isHeld()))
      await fileSystem().rm(part)
  }
  return state
}

/** Runs an export to its end. */
export async function finish(steps: ExportSteps, path: string): Promise<ExportResult> {
  for (;;) {
    const { done, value } = await steps.next()
    if (done !== true) continue
    if (value !== undefined) return value
    throw new ConfigurationError({
      message: `The export to ${path} was stopped before its end.`,
      fix: 'Start it again; it resumes where it stopped.',
    })
  }
}

/** Runs an export while its progress is iterated. */
export async function* follow(
  steps: ExportSteps,
  finished: (result: ExportResult) => void,
): AsyncGenerator<ExportProgress, undefined> {
  try {
    for (;;) {
      const { done, value } = await steps.next()
      if (done !== true) yield value
      else {
        if (value !== undefined) finished(value)
        return
      }
    }
  } finally {
    // The type requires a result, but a stopped export has none.
    await steps.return(undefined as never)
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
async function identityOf(
  source: RowSource<unknown>,
  format: ExportFormat,
  disarmFormulas: boolean,
): Promise<string> {
  const { origin, projectId } = source.requester.config
  const { query, options } = await source.identity()
  const relevant = Object.entries(options).filter(([name]) => !ignoredOptions.includes(name))
  const outputFormat = format === 'csv' && disarmFormulas ? 'disarmed csv' : format
  return fingerprint(JSON.stringify([origin, projectId, outputFormat, query, relevant]))
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

/** Creates an export that starts when it is first used. */
export function exportJob(source: RowSource<unknown>, path: string, options: ExportOptions): ExportJob {
  let steps: ExportSteps | undefined
  const start = (): ExportSteps => {
    steps ??= exportToFile(source, path, options)
    return steps
  }
  let result: Promise<ExportResult> | undefined
  let followed = false
  const run = (): Promise<ExportResult> => {
    result ??= finish(start(), path)
    return result
  }
  return {
    [Symbol.toStringTag]: 'ExportJob',
    // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point
    then: (onfulfilled, onrejected) => run().then(onfulfilled, onrejected),
    catch: (onrejected) => run().catch(onrejected),
    finally: (onfinally) => run().finally(onfinally),
    async *[Symbol.asyncIterator]() {
      if (followed) throw alreadyReadError('The progress of an export')
      followed = true
      yield* follow(start(), (done) => {
        result = Promise.resolve(done)
      })
    },
  }
}
