import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { alreadyRead } from '../../../runtime/transport/read-once.ts'
import { fingerprint } from '../query-cache.ts'
import type { RowSource } from '../stream/row-stream.ts'
import { exportToFile, finish, follow } from './export-to-file.ts'
import { fileSystem, openExisting } from './file-system.ts'

/** How rows are written to a file. */
export interface ExportOptions {
  /** Default: `csv` for a path that ends so, else `ndjson`. */
  readonly format?: ExportFormat | undefined
  /**
   * Where it is noted how far the export is; `false` to begin anew each time. Default: the path with `.checkpoint`, for
   * rows that are ordered.
   */
  readonly checkpoint?: string | false | undefined
  /** Replaces a file that is there already. Default: `false`. Nothing is replaced then, also not what comes meanwhile. */
  readonly overwrite?: boolean | undefined
  /**
   * Puts an apostrophe before CSV cells that spreadsheets would run as formulas, such as `=cmd()`. For files that people
   * open in a spreadsheet. Default: `false`, cells are written as they are.
   */
  readonly disarmFormulas?: boolean | undefined
}

/** `ndjson`: an object for each line. `csv`: by RFC 4180, with a header. */
export type ExportFormat = 'ndjson' | 'csv'

/** How far an export is. */
export interface ExportProgress {
  /** Rows in the file, those of earlier runs included. */
  readonly rows: number
  readonly bytes: number
  /** From 0 to 1, as far as `window` or `verifyCount` lets that be known. */
  readonly progress: number | undefined
}

/** What an export came to. */
export interface ExportResult {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  /** Rows that an earlier run had written. */
  readonly resumedAt: number
}

/** An export that runs once, when it is awaited or looped over. */
export interface ExportJob extends Promise<ExportResult>, AsyncIterable<ExportProgress> {}

/** How an export goes: step by step to its result. */
export type ExportSteps = AsyncGenerator<ExportProgress, ExportResult>

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

/** How far an export is. */
export interface Checkpoint {
  /** Stands for what is exported, and how. */
  readonly export: string
  /** Where to resume; null when all rows are there, undefined at the start. */
  readonly next?: string | null
  readonly rows: number
  readonly bytes: number
  /** Stands for the last bytes of the file. */
  readonly tail: string
}

/** Bytes that a checkpoint has at most. */
const MAX_SIZE = 1_048_576

/**
 * Reads a checkpoint; undefined when there is none.
 *
 * @throws ConfigurationError for one of another export, or one that was changed
 */
export async function readCheckpoint(path: string, identity: string): Promise<Checkpoint | undefined> {
  const file = await openExisting(path, 'read')
  if (file === undefined) return undefined
  let text = ''
  try {
    if ((await file.stat()).size <= MAX_SIZE) text = await file.readFile('utf8')
  } finally {
    await file.close()
  }
  const checkpoint = await parsed(text)
  if (checkpoint?.export === identity) return checkpoint
  const wrong =
    checkpoint === undefined ? 'no checkpoint, or was changed' : 'the checkpoint of another export'
  throw new ConfigurationError({
    message: `${path} is ${wrong}.`,
    fix: 'Pass another path or `checkpoint`, or delete it and the .part file to begin anew.',
  })
}

/**
 * Writes a checkpoint, so that either the last one is there or this one.
 *
 * @param token Names the file that is written first. A run that crashes here leaves it to the next.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint, token: string): Promise<void> {
  const { open, rename } = fileSystem()
  const fresh = freshPath(path, token)
  const file = await open(fresh, 'wx')
  try {
    await file.writeFile(JSON.stringify({ ...checkpoint, code: await codeOf(checkpoint) }))
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
}

/** Removes what a run left that crashed while it wrote a checkpoint. */
export async function removeFresh(path: string, token: string): Promise<void> {
  await fileSystem().rm(freshPath(path, token), { force: true })
}

function freshPath(path: string, token: string): string {
  return `${path}.${token}.new`
}

async function parsed(text: string): Promise<Checkpoint | undefined> {
  try {
    const { code, ...fields } = Object(JSON.parse(text)) as Partial<Checkpoint> & { readonly code?: unknown }
    // Its fields are looked at below, and the code is over all of them.
    const checkpoint = fields as Checkpoint
    return isWhole(checkpoint) && code === (await codeOf(checkpoint)) ? checkpoint : undefined
  } catch {
    return undefined
  }
}

function isWhole({ export: identity, next, rows, bytes, tail }: Checkpoint): boolean {
  const counts = [rows, bytes].every((count) => Number.isSafeInteger(count) && count >= 0)
  const place = next === undefined || next === null || typeof next === 'string'
  return counts && place && typeof identity === 'string' && typeof tail === 'string'
}

/** A code that another content does not have. */
function codeOf({ export: identity, next, rows, bytes, tail }: Checkpoint): Promise<string> {
  return fingerprint(JSON.stringify({ export: identity, next, rows, bytes, tail }))
}
