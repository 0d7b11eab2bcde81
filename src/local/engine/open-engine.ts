import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { ENGINE_MISSING, EngineError, type SqlEngine } from './sql-engine.ts'

/**
 * Opens the embedded ClickHouse when `chdb` is installed. Otherwise returns an engine whose errors say what to install.
 *
 * @throws Error in a worker thread when `chdb` is installed.
 */
export async function openEngine(folder: string | undefined, name: string): Promise<SqlEngine> {
  if (!isMainThread) return engineForWorker()
  const { openChdbEngine } = await import('./chdb-engine.ts')
  if (folder !== undefined) await mkdir(folder, { recursive: true })
  try {
    return await openChdbEngine(folder, name)
  } catch (error) {
    if (isMissingModule(error)) return missingEngine()
    throw error
  }
}

/** Throws if `chdb` is installed, without loading it: its native module crashes the process when the thread ends. */
function engineForWorker(): SqlEngine {
  try {
    createRequire(resolve('package.json')).resolve('chdb')
  } catch {
    return missingEngine()
  }
  throw new Error(
    'The local PostHog cannot run in a worker thread: the embedded ClickHouse (chdb) crashes the process there. ' +
      "Run the tests in processes: set `test: { pool: 'forks' }` in vitest.config.ts, or pass --pool=forks. " +
      'Outside vitest, start the local PostHog in the main thread, or pass another `engine`.',
  )
}

function isMissingModule(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && String(error).includes('chdb')
}

const CHDB_MISSING =
  'The local PostHog runs SQL with the optional package chdb, which is not installed. Install it: npm i -D chdb'

/** An engine without a database. Its SQL fails with an error that says what to install; everything else works. */
export function missingEngine(reason: string = CHDB_MISSING): SqlEngine {
  const fail = (): never => {
    throw new EngineError(ENGINE_MISSING, reason)
  }
  return {
    database: 'none',
    available: false,
    query: async () => fail(),
    command: async () => fail(),
    insert: async () => fail(),
    openDatabase: async () => missingEngine(reason),
    close: async () => {},
  }
}
