import { EngineError } from './engine-error.ts'
import type { SqlEngine } from './sql-engine.ts'

/** Code of the error that stands for "no database is installed". */
export const ENGINE_MISSING: string = 'engine_missing'

/** Stands in when `chdb` is not installed: everything but running SQL works, and that says what to install. */
export function missingEngine(): SqlEngine {
  const refuse = (): never => {
    throw new EngineError(
      ENGINE_MISSING,
      'The local PostHog runs SQL on the optional package chdb, which is not installed. Install it: npm i -D chdb',
    )
  }
  return {
    database: 'none',
    available: false,
    query: async () => refuse(),
    command: async () => refuse(),
    insert: async () => refuse(),
    close: async () => {},
  }
}
