import { mkdir } from 'node:fs/promises'
import { missingEngine } from './missing-engine.ts'
import type { SqlEngine } from './sql-engine.ts'

/** The embedded ClickHouse when `chdb` is installed, else an engine that says what to install. */
export async function openEngine(folder: string | undefined, name: string): Promise<SqlEngine> {
  const { openChdbEngine } = await import('./chdb-engine.ts')
  if (folder !== undefined) await mkdir(folder, { recursive: true })
  try {
    return await openChdbEngine(folder, name)
  } catch (error) {
    if (isMissingModule(error)) return missingEngine()
    throw error
  }
}

function isMissingModule(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && String(error).includes('chdb')
}
