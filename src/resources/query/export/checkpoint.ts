import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { fingerprint } from '../../response-cache.ts'
import { fileSystem, openExisting } from './file-system.ts'

/** The saved progress of an export. */
export interface Checkpoint {
  /** Identifies the exported query and its options. */
  readonly export: string
  /** Cursor to resume from. Null if all rows are written, undefined at the start. */
  readonly next?: string | null
  readonly rows: number
  readonly bytes: number
  /** Hash of the last bytes of the file. */
  readonly tail: string
  /** Whether the file is the converted one. */
  readonly converted?: true
}

/** Maximum bytes of a checkpoint. */
const maxBytes = 1_048_576

/**
 * Reads a checkpoint. Returns undefined if there is none.
 *
 * @throws ConfigurationError for a checkpoint of another export, or a modified one
 */
export async function readCheckpoint(path: string, identity: string): Promise<Checkpoint | undefined> {
  const file = await openExisting(path, 'read')
  if (file === undefined) return undefined
  let text = ''
  try {
    if ((await file.stat()).size <= maxBytes) text = await file.readFile('utf8')
  } finally {
    await file.close()
  }
  const checkpoint = await parseCheckpoint(text)
  if (checkpoint?.export === identity) return checkpoint
  const fault =
    checkpoint === undefined ? 'is not a checkpoint, or was modified' : 'is the checkpoint of another export'
  throw new ConfigurationError({
    message: `${path} ${fault}.`,
    fix: 'Pass another path or `checkpoint`, or delete it and the .part file to start over.',
  })
}

/**
 * Writes a checkpoint atomically.
 *
 * @param token names the temporary file, which the next run removes after a crash
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint, token: string): Promise<void> {
  const { open, rename } = fileSystem()
  const temporary = temporaryPath(path, token)
  const file = await open(temporary, 'wx')
  try {
    await file.writeFile(JSON.stringify({ ...checkpoint, code: await checksum(checkpoint) }))
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

/** Removes the temporary file of a run that crashed while writing a checkpoint. */
export async function removeTemporary(path: string, token: string): Promise<void> {
  await fileSystem().rm(temporaryPath(path, token), { force: true })
}

function temporaryPath(path: string, token: string): string {
  return `${path}.${token}.new`
}

async function parseCheckpoint(text: string): Promise<Checkpoint | undefined> {
  try {
    const { code, ...fields } = Object(JSON.parse(text)) as Partial<Checkpoint> & { readonly code?: unknown }
    // `isValid` checks the fields, and the checksum covers all of them.
    const checkpoint = fields as Checkpoint
    return isValid(checkpoint) && code === (await checksum(checkpoint)) ? checkpoint : undefined
  } catch {
    return undefined
  }
}

function isValid({ export: identity, next, rows, bytes, tail, converted }: Checkpoint): boolean {
  const counts = [rows, bytes].every((count) => Number.isSafeInteger(count) && count >= 0)
  const cursor = next === undefined || next === null || typeof next === 'string'
  const flag = converted === undefined || (converted && next === null)
  return counts && cursor && flag && typeof identity === 'string' && typeof tail === 'string'
}

/** Hash of a checkpoint's content. */
function checksum({ export: identity, next, rows, bytes, tail, converted }: Checkpoint): Promise<string> {
  return fingerprint(JSON.stringify({ export: identity, next, rows, bytes, tail, converted }))
}
