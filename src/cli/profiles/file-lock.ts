import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import type { Platform } from '../../runtime/platform.ts'
import { UsageError } from '../errors.ts'

/** Milliseconds after which a lock counts as left behind. A refresh with its retry takes at most half of it. */
const staleAfter = 60_000
/** Milliseconds between two attempts to get a lock. */
const retryDelay = 50
/** Milliseconds to wait for another process: longer than a stale lock lives. */
const maxWait = 75_000

/** What a lock needs of the platform. */
export type LockPlatform = Pick<Platform, 'now' | 'sleep'>

/**
 * Runs an action while no other process runs one with the same lock file. A lock that a dead process left behind is
 * removed after a minute.
 *
 * @param signal ends the wait for the lock, and not the action
 * @throws UsageError when another process does not release the lock
 */
export async function withFileLock<Result>(
  path: string,
  platform: LockPlatform,
  action: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const owner = randomBytes(12).toString('hex')
  const giveUpAt = platform.now() + maxWait
  while (!(await take(path, owner))) {
    await removeStale(path, platform.now())
    if (platform.now() >= giveUpAt) {
      throw new UsageError(
        `Another typehog process holds ${path}.`,
        'Wait for it. If none is running, remove the file.',
      )
    }
    await platform.sleep(retryDelay, signal)
  }
  try {
    return await action()
  } finally {
    // After a suspend, another process may have taken over.
    if ((await readFile(path, 'utf8').catch(() => undefined)) === owner) await rm(path, { force: true })
  }
}

/** Creates the lock file. False when it exists. */
async function take(path: string, owner: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(owner).finally(() => file.close())
    return true
  } catch (error) {
    // Windows returns EPERM while another process removes the file.
    if (['EEXIST', 'EPERM'].includes(Object(error).code)) return false
    throw error
  }
}

async function removeStale(path: string, now: number): Promise<void> {
  const info = await stat(path).catch(() => undefined)
  if (info === undefined || now - info.mtimeMs < staleAfter) return
  // Only one of several processes can rename it. If that is already the next lock, two processes refresh at once, and
  // PostHog accepts the same refresh token twice within two minutes.
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  await rename(path, aside).then(
    () => rm(aside, { force: true }),
    () => {},
  )
}
