import { checkOptions, flag, type OptionChecks, oneOf } from '../../../runtime/config/check-options.ts'
import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { rowLines } from '../../../runtime/rows/write-rows.ts'
import { alreadyRead } from '../../../runtime/transport/read-once.ts'
import { requireText } from '../../check-arguments.ts'
import { fingerprint } from '../query-cache.ts'
import type { RowSource } from '../stream/stream-options.ts'
import { type Checkpoint, readCheckpoint, removeFresh, writeCheckpoint } from './checkpoint.ts'
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
  createPart,
  notWritable,
  publishPart,
  refuseExisting,
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
  overwrite: flag,
  disarmFormulas: flag,
}

/** Milliseconds between two notes of how far it is. */
const noteEvery = 500

/**
 * Writes rows to a file beside `path`, which takes its name when they are all there. What was not noted when a run was
 * killed is cut off and read again. A lock keeps other runs away meanwhile.
 */
export async function* exportToFile(
  source: RowSource<unknown>,
  path: string,
  options: ExportOptions,
): ExportSteps {
  requireText('path', path)
  checkOptions('toFile', options, exportChecks)
  fileSystem()
  const {
    format = path.endsWith('.csv') ? 'csv' : 'ndjson',
    disarmFormulas = false,
    overwrite = false,
  } = options
  const note = noteFor(source, path, options.checkpoint)
  const identity = await identityOf(source, format, disarmFormulas)
  const part = `${path}.part`
  const lock = await lockExport(part).catch((error: unknown) => {
    throw error instanceof ConfigurationError ? error : notWritable(part, error)
  })
  try {
    if (note !== undefined && lock.crashed !== undefined) await removeFresh(note, lock.crashed.token)
    const before = note === undefined ? undefined : await readCheckpoint(note, identity)
    if (before === undefined) await removeLeftover(part, lock.crashed)
    if (before?.next !== null && !overwrite) await refuseExisting(path)
    const start: Checkpoint = before ?? { export: identity, rows: 0, bytes: 0, tail: '' }
    const run: Run = { source, part, note, lock, lines: { format, disarmFormulas } }
    const state = start.next === null ? start : yield* writeRows(run, start, before !== undefined)
    await lock.verify()
    await publishPart(part, path, state, overwrite)
    if (note !== undefined) await fileSystem().rm(note, { force: true })
    return { path, rows: state.rows, bytes: state.bytes, resumedAt: start.rows }
  } finally {
    await lock.release()
  }
}

/** What one run works with. */
interface Run {
  readonly source: RowSource<unknown>
  readonly part: string
  /** Where it is noted how far it is. */
  readonly note: string | undefined
  readonly lock: ExportLock
  readonly lines: { readonly format: ExportFormat; readonly disarmFormulas: boolean }
}

/** Writes the rows that are missing. Its result is the checkpoint of the whole file. */
async function* writeRows(
  { source, part, note, lock, lines }: Run,
  start: Checkpoint,
  resumed: boolean,
): AsyncGenerator<ExportProgress, Checkpoint> {
  const utf8 = new TextEncoder()
  let state = start
  let { rows, bytes: size } = start
  const file = resumed ? await resumePart(part, start) : await createPart(part)
  try {
    await lock.notePart(fileId(await file.stat({ bigint: true })))
    let noted = performance.now()
    const keep = async (): Promise<void> => {
      await file.datasync()
      state = { ...state, tail: await tailOf(file, state.bytes) }
      await lock.verify()
      if (note !== undefined) await writeCheckpoint(note, state, lock.token)
      noted = performance.now()
    }
    if (!resumed) await keep()
    try {
      const { next } = state
      const how = { asWritten: true, ...(typeof next === 'string' ? { after: next } : {}) }
      for await (const page of source.pages(how)) {
        const bytes = utf8.encode(rowLines(page, lines.format, size === 0, lines))
        await lock.verify()
        for (let at = 0; at < bytes.length; ) {
          at += (await file.write(bytes, at, bytes.length - at, size + at)).bytesWritten
        }
        size += bytes.length
        rows += page.rows.length
        // Behind the last page there may still be something that says that rows are missing.
        if (page.next !== undefined) state = { ...state, next: page.next, rows, bytes: size }
        if (note !== undefined && performance.now() - noted >= noteEvery) await keep()
        yield { rows, bytes: size, progress: page.progress }
      }
      state = { ...state, next: null, rows, bytes: size }
    } finally {
      // Also when it is left or fails: what is there need not be read again.
      await keep()
    }
  } finally {
    await file.close()
    // Without a checkpoint nobody can resume it.
    if (note === undefined && state.next !== null && (await lock.isOurs())) await fileSystem().rm(part)
  }
  return state
}

/** Goes on to the end. */
export async function finish(steps: ExportSteps, path: string): Promise<ExportResult> {
  for (;;) {
    const { done, value } = await steps.next()
    if (done !== true) continue
    if (value !== undefined) return value
    throw new ConfigurationError({
      message: `The export to ${path} was left before its end.`,
      fix: 'Start it again: it goes on where it was.',
    })
  }
}

/** Goes on as long as somebody follows. */
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
    // Its type has it that a result is given; an export that is left has none.
    await steps.return(undefined as never)
  }
}

/** How it is read makes no other rows of it. */
const irrelevant: readonly string[] = ['pageSize', 'verifyCount', 'size', 'signal', 'timeout', 'totalTimeout']

/** Stands for what is exported: from where, and how it is written. */
async function identityOf(
  source: RowSource<unknown>,
  format: ExportFormat,
  disarmFormulas: boolean,
): Promise<string> {
  const { origin, projectId } = source.requester.config
  const { what, how } = await source.identity()
  const relevant = Object.entries(how).filter(([name]) => !irrelevant.includes(name))
  const written = format === 'csv' && disarmFormulas ? 'disarmed csv' : format
  return fingerprint(JSON.stringify([origin, projectId, written, what, relevant]))
}

/** Where it is noted how far the export is, if it is. */
function noteFor(
  { resumable }: RowSource<unknown>,
  path: string,
  checkpoint: ExportOptions['checkpoint'],
): string | undefined {
  if (checkpoint === false || (!resumable && checkpoint === undefined)) return undefined
  if (resumable) return checkpoint ?? `${path}.checkpoint`
  throw new ConfigurationError({
    message: 'Rows that are not ordered cannot be gone on with.',
    fix: 'Pass `orderBy`, or leave `checkpoint` out.',
  })
}

/** An export that has not begun. */
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
      if (followed) throw alreadyRead('The progress of an export')
      followed = true
      yield* follow(start(), (done) => {
        result = Promise.resolve(done)
      })
    },
  }
}
