import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError } from '../../../../src/cli/errors.ts'
import { type LockPlatform, withFileLock } from '../../../../src/cli/profiles/file-lock.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typehog-lock-'))
  path = join(folder, 'work.lock')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A clock that moves on with each sleep. */
function clock(): LockPlatform & { slept: number } {
  let now = Date.now()
  return {
    slept: 0,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      now += ms
      this.slept += 1
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
const { signal } = new AbortController()

describe('withFileLock', () => {
  it('runs one action at a time, and removes the lock', async () => {
    let running = 0
    let highest = 0
    const action = async (): Promise<void> => {
      running += 1
      highest = Math.max(highest, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    await Promise.all([1, 2, 3].map(() => withFileLock(path, clock(), action, signal)))
    expect(highest).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('removes the lock after an error', async () => {
    const failure = withFileLock(path, clock(), () => Promise.reject(new Error('no')), signal)
    await expect(failure).rejects.toThrow('no')
    expect(await readdir(folder)).toEqual([])
  })

  it('takes over a lock that is older than a minute', async () => {
    await writeFile(path, 'dead')
    const minuteAgo = Date.now() / 1_000 - 61
    await utimes(path, minuteAgo, minuteAgo)
    const platform = clock()
    expect(await withFileLock(path, platform, async () => 'done', signal)).toBe('done')
    expect(platform.slept).toBeLessThan(2)
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves the lock of a process that took over', async () => {
    await withFileLock(path, clock(), () => writeFile(path, 'other'), signal)
    expect(await readdir(folder)).toEqual(['work.lock'])
  })

  it('gives up when the lock stays fresh', async () => {
    await writeFile(path, 'alive')
    const future = Date.now() / 1_000 + 1_000
    await utimes(path, future, future)
    await expect(withFileLock(path, clock(), async () => 'done', signal)).rejects.toThrow(
      `Another typehog process holds ${path}.`,
    )
  })

  it('stops waiting after Ctrl-C', async () => {
    await writeFile(path, 'alive')
    const interruption = new AbortController()
    interruption.abort(new InterruptedError())
    const waiting = withFileLock(path, clock(), async () => 'done', interruption.signal)
    await expect(waiting).rejects.toBeInstanceOf(InterruptedError)
  })
})
