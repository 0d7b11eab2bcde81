import { ConfigurationError } from '../../../runtime/errors/configuration-error.ts'
import { fileSystem, isMissing } from './file-system.ts'

/** How far an export is. */
export interface Checkpoint {
  /** Stands for what is exported, and how. */
  readonly export: string
  /** Where to go on; null when all rows are there, undefined at the start. */
  readonly next?: string | null
  readonly rows: number
  readonly bytes: number
}

/**
 * Reads a checkpoint; undefined when there is none.
 *
 * @throws ConfigurationError for one of another export
 */
export async function readCheckpoint(path: string, identity: string): Promise<Checkpoint | undefined> {
  let text: string
  try {
    text = await fileSystem().readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  const checkpoint = parsed(text)
  if (checkpoint?.export === identity) return checkpoint
  throw new ConfigurationError({
    message: `${path} is ${checkpoint === undefined ? 'no checkpoint' : 'the checkpoint of another export'}.`,
    fix: 'Pass another path or `checkpoint`, or delete it to begin anew.',
  })
}

/** Writes a checkpoint, so that either the last one is there or this one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { open, rename } = fileSystem()
  const fresh = `${path}.new`
  const file = await open(fresh, 'w')
  try {
    await file.writeFile(JSON.stringify(checkpoint))
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
}

function parsed(text: string): Checkpoint | undefined {
  try {
    const value = Object(JSON.parse(text)) as Partial<Checkpoint>
    const whole = [value.rows, value.bytes].every((count) => Number.isSafeInteger(count))
    // Its fields were looked at.
    return whole && typeof value.export === 'string' ? (value as Checkpoint) : undefined
  } catch {
    return undefined
  }
}
