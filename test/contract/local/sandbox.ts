import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hogql, type TypehogClient } from '../../../src/index.ts'
import { startLocalClient } from '../local-client.ts'

/** Content of the file that no query may read. */
export const SECRET = 'TOP-SECRET'

/** A local PostHog, and a file outside of it. */
export interface Sandbox {
  readonly posthog: TypehogClient
  /** Path of the file with the secret. */
  readonly file: string
  /** Runs SQL and returns its rows or its error message. */
  runSql(sql: string): Promise<string>
  close(): Promise<void>
}

export async function startSandbox(): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'typehog-sandbox-'))
  const file = join(folder, 'secret.txt')
  await writeFile(file, SECRET)
  const { local, posthog } = await startLocalClient({ events: 20 }, { retry: false, limits: false })
  return {
    posthog,
    file,
    runSql: (sql) =>
      posthog.hogql(hogql.raw(sql)).then(
        ({ rows }) => `rows ${JSON.stringify(rows)}`,
        (error: unknown) => `error ${error instanceof Error ? error.message : String(error)}`,
      ),
    async close() {
      await local.close()
      await rm(folder, { recursive: true })
    },
  }
}
