import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { fingerprint } from '../query-cache.ts'
import { fileSystem, openExisting } from './file-system.ts'
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
