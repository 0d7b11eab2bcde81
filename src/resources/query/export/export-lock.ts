import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { fileId, fileSystem, hasCode, openExisting, statsOf } from './file-system.ts'

/** Who exports to a path. */
export interface LockRecord {
  readonly token: string
  readonly pid: number
  /** The machine and its name space of processes, where the pid means something. */
  readonly place: string
  /** The file that it writes, once it is there. */
  readonly part?: string
}

/** The right of one run to write a file. */
export interface ExportLock {
  readonly token: string
  /** The run before, when it crashed. */
  readonly crashed: LockRecord | undefined
  /** Notes the file that this run writes, so that the next run knows it after a crash. */
  notePart(part: string): Promise<void>
  /** Whether no other run has taken the lock over. */
  isOurs(): Promise<boolean>
  /** @throws ConfigurationError when another run has */
  verify(): Promise<void>
  release(): Promise<void>
}

/** Milliseconds between two signs of life. */
const BEAT_MS = 2_000
/** A lock without a sign of life for so many milliseconds is one of a run that crashed. */
const SILENT_MS = 15_000
const LOOK_MS = 500
const MAX_SIZE = 4_096

/** Tokens of the runs of this process. */
const running = new Set<string>()

/**
 * Takes the lock of an export: a file that names its process and is touched while that lives. What a crashed run left is
 * taken over: at once when its process is gone, else when the lock is not touched any more.
 *
 * @throws ConfigurationError when another run has it
 */
export async function lockExport(path: string): Promise<ExportLock> {
  const files = fileSystem()
  const token = crypto.randomUUID()
  const lock = `${path}.lock`
  const record: LockRecord = { token, pid: process.pid, place: await placeOf() }
  let crashed: LockRecord | undefined
  let file = await createNew(lock)
  for (let attempt = 0; file === undefined; attempt++) {
    if (attempt === 5) throw isRunning(path)
    crashed = (await removeStale(lock, path)) ?? crashed
    file = await createNew(lock)
  }
  const held = file
  const id = fileId(await held.stat({ bigint: true }))
  const write = async (text: string): Promise<void> => {
    await held.write(text, 0)
  }
  await write(JSON.stringify(record))
  running.add(token)
  const beat = setInterval(() => {
    const now = new Date()
    files.utimes(lock, now, now).catch(() => {})
  }, BEAT_MS)
  // A number in Deno and in browsers.
  Object(beat).unref?.()
  const isOurs = async (): Promise<boolean> => {
    const stats = await statsOf(lock)
    return stats !== undefined && fileId(stats) === id
  }
  return {
    token,
    crashed,
    // Longer than what was written before, so that nothing of that stays.
    notePart: (part) => write(JSON.stringify({ ...record, part } satisfies LockRecord)),
    isOurs,
    verify: async () => {
      if (!(await isOurs())) throw isRunning(path)
    },
    release: async () => {
      clearInterval(beat)
      running.delete(token)
      await held.close()
      if (await isOurs()) await files.rm(lock, { force: true })
    },
  }
}

/** A new file; undefined when something is there. */
async function createNew(path: string): Promise<import('node:fs/promises').FileHandle | undefined> {
  try {
    return await fileSystem().open(path, 'wx')
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined
    throw error
  }
}

interface FoundLock {
  /** Undefined when the run ended before it had written it. */
  readonly record: LockRecord | undefined
  readonly id: string
  readonly touchedAt: bigint
}

/** Removes the lock of a crashed run, and gives what it says. */
async function removeStale(lock: string, path: string): Promise<LockRecord | undefined> {
  const found = await readLock(lock)
  if (found === undefined) return undefined
  if (await isHeld(found, lock)) throw isRunning(path, found.record)
  // Of several runs that find it stale, one gets it. What another run put there meanwhile is given back.
  const { rename, rm } = fileSystem()
  const taken = `${lock}.${crypto.randomUUID()}`
  try {
    await rename(lock, taken)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  const stats = await statsOf(taken)
  if (stats !== undefined && fileId(stats) === found.id) {
    await rm(taken, { force: true })
    return found.record
  }
  await rename(taken, lock)
  throw isRunning(path)
}

async function readLock(lock: string): Promise<FoundLock | undefined> {
  const file = await openExisting(lock, 'read')
  if (file === undefined) return undefined
  try {
    const stats = await file.stat({ bigint: true })
    const text = stats.size <= MAX_SIZE ? await file.readFile('utf8') : ''
    const record = text === '' && stats.size === 0n ? undefined : parsed(text, lock)
    return { record, id: fileId(stats), touchedAt: stats.mtimeMs }
  } finally {
    await file.close()
  }
}

function parsed(text: string, lock: string): LockRecord {
  try {
    // Its fields are looked at below.
    const record = JSON.parse(text) as LockRecord
    const { token, pid, place, part } = record
    const texts = [token, place, part ?? ''].every((field) => typeof field === 'string')
    if (texts && /^[\w-]+$/.test(token) && Number.isSafeInteger(pid)) return record
  } catch {
    // Refused below.
  }
  throw new ConfigurationError({
    message: `${lock} is not the lock of an export.`,
    fix: 'Move it away, or choose another path.',
  })
}

async function isHeld({ record, id, touchedAt }: FoundLock, lock: string): Promise<boolean> {
  if (record !== undefined && running.has(record.token)) return true
  const place = await placeOf()
  if (record !== undefined && place !== '' && record.place === place) {
    if (!isAlive(record.pid) || Date.now() - Number(touchedAt) > SILENT_MS) return false
    // The same pid without the run: one of a container that was started again, or another thread.
    if (record.pid !== process.pid) return true
  }
  // The clock of another machine says nothing: wait for a sign of life.
  for (let waited = 0; waited < SILENT_MS; waited += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const stats = await statsOf(lock)
    if (stats === undefined || fileId(stats) !== id) return false
    if (stats.mtimeMs !== touchedAt) return true
  }
  return false
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}

/** Empty in Deno, which would ask its user for the permission. */
async function placeOf(): Promise<string> {
  if ('Deno' in globalThis) return ''
  const namespace = await fileSystem()
    .readlink('/proc/self/ns/pid')
    .catch(() => '')
  return `${process.getBuiltinModule('os').hostname()} ${namespace}`.trim()
}

function isRunning(path: string, record?: LockRecord): ConfigurationError {
  const by = record === undefined ? '' : ` (process ${record.pid})`
  return new ConfigurationError({
    message: `Another export to ${path} is running${by}.`,
    fix: 'Wait until it ends, or export to another path.',
  })
}
