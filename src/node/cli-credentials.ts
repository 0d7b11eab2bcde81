import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { normalizeHost, regionHost } from '../runtime/config/host.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'

/** Options of `createClient`, as PostHog's own CLI left them on this machine. */
export interface CliCredentials {
  readonly apiKey: string
  readonly projectId: string
  readonly host: string
}

/** Where to look. */
export interface CliCredentialsOptions {
  /** Default: `~/.posthog/credentials.json`. */
  readonly path?: string
}

/**
 * Reads what `posthog-cli login` wrote: key, project and host. Undefined when nobody signed in on this machine.
 *
 * @throws ConfigurationError when the file cannot be read, or has no usable key and project. The key is never shown.
 * @example
 * const posthog = createClient((await cliCredentials()) ?? {})
 */
export async function cliCredentials({
  path,
}: CliCredentialsOptions = {}): Promise<CliCredentials | undefined> {
  const file = path ?? join(homedir(), '.posthog', 'credentials.json')
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
    throw broken(file, `cannot be read (${cause.code ?? cause.name})`)
  })
  return text === undefined ? undefined : readCredentials(file, text)
}

function readCredentials(file: string, text: string): CliCredentials {
  const { host, token, env_id } = parse(file, text)
  if (typeof token !== 'string' || token.trim() === '') throw broken(file, 'has no `token`')
  // The id is text in files of today.
  const projectId = String(env_id ?? '').trim()
  if (!/^[1-9]\d*$/.test(projectId)) throw broken(file, 'has no `env_id` that is the number of a project')
  if (host !== null && host !== undefined && typeof host !== 'string')
    throw broken(file, 'has a `host` that is no text')
  return { apiKey: token.trim(), projectId, host: host ? normalizeHost(host) : regionHost('us') }
}

function parse(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {}
  throw broken(file, 'is not a JSON object')
}

function broken(file: string, how: string): ConfigurationError {
  return new ConfigurationError({
    message: `The credentials of posthog-cli in ${file} cannot be used: the file ${how}.`,
    fix: 'Run `posthog-cli login` again, or set POSTHOG_PERSONAL_API_KEY and POSTHOG_PROJECT_ID.',
  })
}
