import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { normalizeHost, regionHost } from '../runtime/config/host.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'

/** Credentials of PostHog's own CLI, as options of `createClient`. */
export interface CliCredentials {
  readonly apiKey: string
  readonly projectId: string
  readonly host: string
}

/** Options of `cliCredentials`. */
export interface CliCredentialsOptions {
  /** Credentials file. Default: `~/.posthog/credentials.json`. */
  readonly path?: string
}

/**
 * Reads the key, project and host that `posthog-cli login` saved on this machine. Undefined without a login.
 *
 * @throws ConfigurationError for an unreadable or invalid file. The error never shows the key.
 * @example
 * const posthog = createClient((await cliCredentials()) ?? {})
 */
export async function cliCredentials({
  path,
}: CliCredentialsOptions = {}): Promise<CliCredentials | undefined> {
  const file = path ?? join(homedir(), '.posthog', 'credentials.json')
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
    throw invalidFile(file, `cannot be read (${cause.code ?? cause.name})`)
  })
  return text === undefined ? undefined : readCredentials(file, text)
}

function readCredentials(file: string, text: string): CliCredentials {
  const { host, token, env_id } = parse(file, text)
  if (typeof token !== 'string' || token.trim() === '') throw invalidFile(file, 'has no `token`')
  // Current versions of posthog-cli write the ID as a string.
  const projectId = String(env_id ?? '').trim()
  if (!/^[1-9]\d*$/.test(projectId)) throw invalidFile(file, 'has no `env_id` with a project ID')
  if (host !== null && host !== undefined && typeof host !== 'string') {
    throw invalidFile(file, 'has a `host` that is not a string')
  }
  return { apiKey: token.trim(), projectId, host: host ? normalizeHost(host) : regionHost('us') }
}

function parse(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {}
  throw invalidFile(file, 'is not a JSON object')
}

function invalidFile(file: string, problem: string): ConfigurationError {
  return new ConfigurationError({
    message: `The posthog-cli credentials file ${file} ${problem}.`,
    fix: 'Run `posthog-cli login` again, or set POSTHOG_PERSONAL_API_KEY and POSTHOG_PROJECT_ID.',
  })
}
