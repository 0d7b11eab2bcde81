import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { missingEngine } from './missing-engine.ts'
import type { SqlEngine } from './sql-engine.ts'

/**
 * The embedded ClickHouse when `chdb` is installed, else an engine that says what to install.
 *
 * @throws Error in a worker thread when `chdb` is installed
 */
export async function openEngine(folder: string | undefined, name: string): Promise<SqlEngine> {
  if (!isMainThread) return engineOfWorker()
  const { openChdbEngine } = await import('./chdb-engine.ts')
  if (folder !== undefined) await mkdir(folder, { recursive: true })
  try {
    return await openChdbEngine(folder, name)
  } catch (error) {
    if (isMissingModule(error)) return missingEngine()
    throw error
  }
}

/** The native module of `chdb` must not even be loaded in a worker thread: the process crashes when the thread ends. */
function engineOfWorker(): SqlEngine {
  try {
    createRequire(resolve('package.json')).resolve('chdb')
  } catch {
    return missingEngine()
  }
  throw new Error(
    'The local PostHog cannot run in a worker thread: the embedded ClickHouse (chdb) crashes the process there. ' +
      "Run the tests in processes: set `test: { pool: 'forks' }` in vitest.config.ts, or pass --pool=forks. " +
      'Outside vitest, start it in the main thread, or pass another `engine`.',
  )
}

function isMissingModule(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && String(error).includes('chdb')
}
