import { ConfigurationError } from '../../../runtime/errors/posthog-error.ts'
import { fileId, fileSystem, hasCode, openExisting, statsOf } from './file-system.ts'

/** The run that exports to a path. */
export interface LockRecord {
  readonly token: string
  readonly pid: number
  /** Host name and PID namespace, in which `pid` is valid. */
  readonly place: string
  /** The file that the run writes, once it exists. */
  readonly part?: string
}

/** An exclusive lock on an export. */
export interface ExportLock {
  readonly token: string
  /** The previous run, if it crashed. */
  readonly crashed: LockRecord | undefined
  /** Records the file that this run writes, so that the next run recognizes it after a crash. */
  recordPart(part: string): Promise<void>
  /** Whether this run still holds the lock. */
  isHeld(): Promise<boolean>
  /** @throws ConfigurationError if another run holds the lock */
  verify(): Promise<void>
  release(): Promise<void>
}

/** Milliseconds between heartbeats. */
const heartbeatMs = 2_000
/** A lock is stale after this many milliseconds without a heartbeat. */
const staleMs = 15_000
const pollMs = 500
const maxBytes = 4_096

/** Tokens of the runs in this process. */
const running = new Set<string>()

/**
 * Acquires the lock of an export: a file that names its process and gets a heartbeat. The lock of a crashed run is
 * taken over at once if its process is gone, else when the heartbeat stops.
 *
 * @throws ConfigurationError if another run holds the lock
 */
export async function lockExport(path: string): Promise<ExportLock> {
  const files = fileSystem()
  const token = crypto.randomUUID()
  const lock = `${path}.lock`
  const record: LockRecord = { token, pid: process.pid, place: await hostId() }
  let crashed: LockRecord | undefined
  let file = await createNew(lock)
  for (let attempt = 0; file === undefined; attempt++) {
    if (attempt === 5) throw alreadyRunning(path)
    crashed = (await removeStale(lock, path)) ?? crashed
    file = await createNew(lock)
  }
  const handle = file
  const id = fileId(await handle.stat({ bigint: true }))
  const write = async (text: string): Promise<void> => {
    await handle.write(text, 0)
  }
  await write(JSON.stringify(record))
  running.add(token)
  const heartbeat = setInterval(() => {
    const now = new Date()
    files.utimes(lock, now, now).catch(() => {})
  }, heartbeatMs)
  // In Deno and browsers, a timer is a number.
  Object(heartbeat).unref?.()
  const isHeld = async (): Promise<boolean> => {
    const stats = await statsOf(lock)
    return stats !== undefined && fileId(stats) === id
  }
  return {
    token,
    crashed,
    // The new record is longer than the old one, so it overwrites it completely.
    recordPart: (part) => write(JSON.stringify({ ...record, part } satisfies LockRecord)),
    isHeld,
    verify: async () => {
      if (!(await isHeld())) throw alreadyRunning(path)
    },
    release: async () => {
      clearInterval(heartbeat)
      running.delete(token)
      await handle.close()
      if (await isHeld()) await files.rm(lock, { force: true })
    },
  }
}

/** Creates a file. Returns undefined if the path exists. */
async function createNew(path: string): Promise<import('node:fs/promises').FileHandle | undefined> {
  try {
    return await fileSystem().open(path, 'wx')
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined
    throw error
  }
}

interface FoundLock {
  /** Undefined if the run crashed before writing it. */
  readonly record: LockRecord | undefined
  readonly id: string
  readonly touchedAt: bigint
}

/** Removes the lock of a crashed run and returns its record. */
async function removeStale(lock: string, path: string): Promise<LockRecord | undefined> {
  const found = await readLock(lock)
  if (found === undefined) return undefined
  if (await isActive(found, lock)) throw alreadyRunning(path, found.record)
  // If several runs find the lock stale, only one can rename it. A lock that is not the stale one is put back.
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
  throw alreadyRunning(path)
}

async function readLock(lock: string): Promise<FoundLock | undefined> {
  const file = await openExisting(lock, 'read')
  if (file === undefined) return undefined
  try {
    const stats = await file.stat({ bigint: true })
    const text = stats.size <= maxBytes ? await file.readFile('utf8') : ''
    const record = text === '' && stats.size === 0n ? undefined : parseRecord(text, lock)
    return { record, id: fileId(stats), touchedAt: stats.mtimeMs }
  } finally {
    await file.close()
  }
}

function parseRecord(text: string, lock: string): LockRecord {
  try {
    // The fields are checked below.
    const record = JSON.parse(text) as LockRecord
    const { token, pid, place, part } = record
    const areStrings = [token, place, part ?? ''].every((field) => typeof field === 'string')
    if (areStrings && /^[\w-]+$/.test(token) && Number.isSafeInteger(pid)) return record
  } catch {
    // Rejected below.
  }
  throw new ConfigurationError({
    message: `${lock} is not the lock of an export.`,
    fix: 'Move it away, or choose another path.',
  })
}

async function isActive({ record, id, touchedAt }: FoundLock, lock: string): Promise<boolean> {
  if (record !== undefined && running.has(record.token)) return true
  const place = await hostId()
  if (record !== undefined && place !== '' && record.place === place) {
    if (!isAlive(record.pid) || Date.now() - Number(touchedAt) > staleMs) return false
    // The same PID without the run: a restarted container, or another thread.
    if (record.pid !== process.pid) return true
  }
  // The clock of another machine may differ: wait for a heartbeat.
  for (let waited = 0; waited < staleMs; waited += pollMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
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

/** Identifies the host. Empty in Deno, which would prompt the user for permission. */
async function hostId(): Promise<string> {
  if ('Deno' in globalThis) return ''
  const namespace = await fileSystem()
    .readlink('/proc/self/ns/pid')
    .catch(() => '')
  return `${process.getBuiltinModule('os').hostname()} ${namespace}`.trim()
}

function alreadyRunning(path: string, record?: LockRecord): ConfigurationError {
  const by = record === undefined ? '' : ` (process ${record.pid})`
  return new ConfigurationError({
    message: `Another export to ${path} is running${by}.`,
    fix: 'Wait until it finishes, or export to another path.',
  })
}
