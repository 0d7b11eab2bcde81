import { rowLines } from '../../../runtime/rows/write-rows.ts'
import type { RowSource } from '../stream/stream-options.ts'
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts'
import type { ExportLock } from './export-lock.ts'
import type { ExportProgress } from './export-options.ts'
import type { FileFormat } from './file-format.ts'
import { appendBytes, fileId, fileSystem, gzipText } from './file-system.ts'
import { createPart, resumePart, tailOf } from './part-file.ts'

/** The parts of one export run. */
export interface Run {
  readonly source: RowSource<unknown>
  readonly part: string
  /** Undefined for an export that cannot be resumed. */
  readonly checkpointPath: string | undefined
  readonly lock: ExportLock
  readonly format: FileFormat
}

/** Milliseconds between checkpoints. */
const checkpointMs = 500
/** Characters per gzip member: fewer would compress less. */
const memberLength = 1_048_576

/** Writes the remaining rows. Returns the checkpoint of the complete file. */
export async function* writePart(
  { source, part, checkpointPath, lock, format }: Run,
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
    const isDue = (): boolean => checkpointPath !== undefined && performance.now() - savedAt >= checkpointMs
    const save = async (): Promise<void> => {
      await file.datasync()
      state = { ...state, tail: await tailOf(file, state.bytes) }
      await lock.verify()
      if (checkpointPath !== undefined) await writeCheckpoint(checkpointPath, state, lock.token)
      savedAt = performance.now()
    }
    if (!resumed) await save()
    /** Lines that are not written yet. */
    let text = ''
    const flush = async (next: string | undefined): Promise<void> => {
      const bytes = format.gzip ? await gzipText(text) : utf8.encode(text)
      text = ''
      await lock.verify()
      size = await appendBytes(file, bytes, size)
      // After the last page, the source may still report missing rows.
      if (next !== undefined) state = { ...state, next, rows, bytes: size }
    }
    try {
      const { next } = state
      const sourceOptions = { raw: true, ...(typeof next === 'string' ? { after: next } : {}) }
      for await (const page of source.pages(sourceOptions)) {
        const isFirst = size === 0 && text === ''
        const { columns, types } = page
        if (isFirst && format.convert !== undefined) text = `${JSON.stringify({ columns, types })}\n`
        text += rowLines(page, format.lines, isFirst, format)
        rows += page.rows.length
        // Each write of gzip is a member of its own, at whose end an export can resume.
        if (!format.gzip || text.length >= memberLength || isDue()) await flush(page.next)
        if (isDue()) await save()
        yield { rows, bytes: size, progress: page.progress }
      }
      // A file of gzip has at least one member.
      if (text !== '' || size === 0) await flush(undefined)
      state = { ...state, next: null, rows, bytes: size }
    } finally {
      // Save also on failure or early exit, so that the next run need not read these rows again.
      await save()
    }
  } finally {
    await file.close()
    // Without a checkpoint or without rows, there is nothing to resume.
    const isUseless = state.next !== null && (checkpointPath === undefined || size === 0)
    if (isUseless && (await lock.isHeld())) {
      await fileSystem().rm(part)
      if (checkpointPath !== undefined) await fileSystem().rm(checkpointPath, { force: true })
    }
  }
  return state
}
