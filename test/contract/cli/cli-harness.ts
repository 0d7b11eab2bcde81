import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CliIo } from '../../../src/cli/cli-io.ts'
import { type LocalKey, type LocalPostHog, startLocalPostHog } from '../../../src/local/local-posthog.ts'
import { type CliResult, captureCli } from '../../unit/cli/capture-cli.ts'

/** A local PostHog with a socket, a temporary folder, and a CLI configured for both. */
export interface CliHarness extends AsyncDisposable {
  readonly url: string
  readonly folder: string
  readonly posthog: LocalPostHog
  readonly env: Readonly<Record<string, string>>
  /** Calls the API with the personal API key. Throws unless it succeeds. */
  api(method: string, path: string, body?: object): Promise<unknown>
  run(argv: readonly string[], io?: Partial<CliIo>): Promise<CliResult>
}

/** A terminal on which the user gives one answer. */
export function terminal(answer: string | (() => Promise<string>)): Partial<CliIo> {
  return {
    isTTY: { stdout: true, stderr: true, stdin: true },
    prompt: async () => (typeof answer === 'string' ? answer : answer()),
  }
}

/** Starts a harness, with more keys if given. Dispose of it after the tests. */
export async function startCliHarness(keys: readonly LocalKey[] = []): Promise<CliHarness> {
  const posthog = await startLocalPostHog({ events: 200, throttle: false, keys })
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
    run: (argv, io = {}) => captureCli(argv, { env, cwd: folder, ...io }),
    async [Symbol.asyncDispose]() {
      await posthog.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The body of a saved HogQL query. */
export function hogql(query: string): object {
  return { kind: 'HogQLQuery', query }
}
