import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CliIo } from '../../../src/cli/cli-io.ts'
import { runCli } from '../../../src/cli/program.ts'
import { type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'

/** What a run of the command line left. */
export interface Finished {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A local PostHog on a socket, a folder, and the command line pointed at both. */
export interface Workbench extends AsyncDisposable {
  readonly url: string
  readonly folder: string
  readonly posthog: LocalPostHog
  readonly env: Readonly<Record<string, string>>
  /** Calls the API with the personal key and expects success. */
  api(method: string, path: string, body?: object): Promise<unknown>
  run(argv: readonly string[], io?: Partial<CliIo>): Promise<Finished>
}

/** Sets everything up; dispose of it at the end. */
export async function startWorkbench(): Promise<Workbench> {
  const posthog = await startLocalPostHog({ events: 200, throttle: false })
  const { url } = await posthog.listen()
  const folder = await mkdtemp(join(tmpdir(), 'typehog-cli-'))
  const env = {
    POSTHOG_HOST: url,
    POSTHOG_PROJECT_ID: String(posthog.projectId),
    POSTHOG_PERSONAL_API_KEY: posthog.personalApiKey,
  }
  return {
    url,
    folder,
    posthog,
    env,
    async api(method, path, body) {
      const response = await fetch(`${url}/api/projects/${posthog.projectId}/${path}`, {
        method,
        headers: { authorization: `Bearer ${posthog.personalApiKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    run: async (argv, io = {}) => {
      let out = ''
      let err = ''
      const code = await runCli({
        argv,
        env,
        cwd: folder,
        stdout: { write: (text) => (out += text) },
        stderr: { write: (text) => (err += text) },
        isTTY: { stdout: false, stderr: false },
        columns: undefined,
        signal: new AbortController().signal,
        ...io,
      })
      return { code, out, err }
    },
    async [Symbol.asyncDispose]() {
      await posthog.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A saved query. */
export function hogql(query: string): object {
  return { kind: 'HogQLQuery', query }
}
