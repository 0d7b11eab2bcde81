import { join } from 'node:path'
import { createClient, type TypehogClient } from '../client/create-client.ts'
import { cliCredentials } from '../node/cli-credentials.ts'
import { readEnv } from '../runtime/config/env.ts'
import type { ClientOptions } from '../runtime/config/options.ts'
import { requireProjectId, resolveConfig } from '../runtime/config/resolve.ts'
import type { Logger } from '../runtime/observe/logger.ts'
import type { Context } from './context.ts'
import { UsageError } from './usage-error.ts'

/** A client of the project that the options and the environment name. */
export interface Connection {
  readonly client: TypehogClient
  readonly host: string
  readonly projectId: string
}

/**
 * Connects by `--host`, `--project`, the environment, and what `posthog-cli login` left in the user's home. Nothing is
 * sent.
 *
 * @throws ConfigurationError when there is no usable key or no project
 */
export async function connect(context: Context): Promise<Connection> {
  const { env } = context.io
  const { host, project, debug } = context.options
  const options: ClientOptions = {
    ...(readEnv(env, false).key === undefined ? await signedIn(env) : {}),
    ...(host === undefined ? {} : { host }),
    ...(project === undefined ? {} : { projectId: project }),
    logger: loggerTo(context),
    ...(debug === true ? { logLevel: 'debug' as const } : {}),
  }
  // Resolved against the given environment first: its errors name the variable that is wrong.
  const config = resolveConfig(options, env)
  const projectId = requireProjectId(config)
  const apiKey = options.apiKey ?? readEnv(env, false).key?.value ?? ''
  if (typeof apiKey === 'string') context.conceal(apiKey)
  const client = createClient({ ...options, apiKey, host: config.host, projectId })
  return { client, host: config.host, projectId }
}

/**
 * A connection whose key may read endpoints, which project secret keys may not.
 *
 * @throws UsageError for a project secret key
 */
export async function connectToRead(context: Context): Promise<Connection> {
  const connection = await connect(context)
  if (connection.client.config.keyKind === 'project_secret') {
    throw new UsageError(
      'The key is a project secret API key (phs_), which runs endpoints and reads nothing about them.',
      'Set POSTHOG_PERSONAL_API_KEY to a personal API key (phx_) with the scope endpoint:read.',
    )
  }
  return connection
}

/** The credentials of PostHog's own CLI; nothing where there is no home. */
async function signedIn(env: Context['io']['env']): Promise<ClientOptions> {
  const home = env['HOME'] ?? env['USERPROFILE']
  if (home === undefined) return {}
  return (await cliCredentials({ path: join(home, '.posthog', 'credentials.json') })) ?? {}
}

/** `@current` is whichever project someone last opened: no ground for a file that is committed. */
export function requireFixedProject({ projectId }: Connection): void {
  if (projectId !== '@current') return
  throw new UsageError('The project is @current, which changes.', 'Set POSTHOG_PROJECT_ID to a number.')
}

function loggerTo({ warn, note }: Context): Logger {
  return {
    debug: (message) => warn(message),
    info: (message) => note(message),
    warn: (message) => warn(message),
    error: (message) => warn(message),
  }
}
