import { ConfigurationError } from '../../../runtime/errors/configuration-error.ts'
import { rowLines } from '../../../runtime/rows/row-lines.ts'
import { fingerprint } from '../fingerprint.ts'
import type { RowSource } from '../stream/row-source.ts'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { ExportSteps } from './export-job.ts'
import type { ExportFormat, ExportOptions, ExportProgress, ExportResult } from './export-options.ts'
import { fileSystem, isMissing } from './file-system.ts'

/** Milliseconds between two notes of how far it is. */
const noteEvery = 500

/**
 * Writes rows to a file beside `path`, which takes its name when they are all there. What was not noted when a run was
 * killed is cut off and read again.
 */
export async function* exportToFile(
  source: RowSource<unknown>,
  path: string,
  { format = path.endsWith('.csv') ? 'csv' : 'ndjson', checkpoint, overwrite = false }: ExportOptions,
): ExportSteps {
  const files = fileSystem()
  const utf8 = new TextEncoder()
  const note = noteFor(source, path, checkpoint)
  const identity = await identityOf(source, format)
  const before = note === undefined ? undefined : await readCheckpoint(note, identity)
  if (before?.next !== null && !overwrite) await refuseExisting(path)
  const part = `${path}.part`
  let state: Checkpoint = before ?? { export: identity, rows: 0, bytes: 0 }
  const resumedAt = state.rows
  if (state.next !== null) {
    let { rows, bytes: size } = state
    const file = await files.open(part, before === undefined ? 'w' : 'r+').catch((error: unknown) => {
      throw before !== undefined && isMissing(error) ? lost(part) : notWritable(part, error)
    })
    try {
      if ((await file.stat()).size < state.bytes) throw lost(part)
      await file.truncate(state.bytes)
      if (note !== undefined && before === undefined) await writeCheckpoint(note, state)
      let noted = performance.now()
      const keep = async (): Promise<void> => {
        await file.datasync()
        if (note !== undefined) await writeCheckpoint(note, state)
        noted = performance.now()
      }
      try {
        const { next } = state
        const how = { asWritten: true, ...(next === undefined ? {} : { after: next }) }
        for await (const page of source.pages(how)) {
          const bytes = utf8.encode(rowLines(page, format, size === 0))
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
    }
  }
  await files.rename(part, path).catch((error: unknown) => {
    // An earlier run may have come so far.
    if (!isMissing(error)) throw error
  })
  if (note !== undefined) await files.rm(note, { force: true })
  return { path, rows: state.rows, bytes: state.bytes, resumedAt }
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
async function identityOf(source: RowSource<unknown>, format: ExportFormat): Promise<string> {
  const { origin, projectId } = source.requester.config
  const { what, how } = await source.identity()
  const relevant = Object.entries(how).filter(([name]) => !irrelevant.includes(name))
  return fingerprint(JSON.stringify([origin, projectId, format, what, relevant]))
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

async function refuseExisting(path: string): Promise<void> {
  try {
    await fileSystem().access(path)
  } catch {
    return
  }
  throw new ConfigurationError({
    message: `${path} is there already.`,
    fix: 'Choose another path, or pass `overwrite: true`.',
  })
}

function notWritable(part: string, cause: unknown): ConfigurationError {
  return new ConfigurationError({
    message: `${part} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    fix: 'Create its folder, or choose one that this process may write to.',
    cause,
  })
}

function lost(part: string): ConfigurationError {
  return new ConfigurationError({
    message: `${part} is missing, or shorter than its checkpoint says.`,
    fix: 'Delete the checkpoint to begin anew.',
  })
}
