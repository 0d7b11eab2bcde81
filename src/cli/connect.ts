import { join } from 'node:path'
import { createClient, type TypehogClient } from '../client/create-client.ts'
import { cliCredentials } from '../node/cli-credentials.ts'
import { readEnv } from '../runtime/config/env.ts'
import type { ClientOptions } from '../runtime/config/options.ts'
import { requireProjectId, resolveConfig } from '../runtime/config/resolve.ts'
import type { Logger } from '../runtime/observe/logger.ts'
import type { Context } from './context.ts'
import { UsageError } from './errors.ts'

/** A client for the configured host and project. */
export interface Connection {
  readonly client: TypehogClient
  readonly host: string
  readonly projectId: string
}

/** Connections by context: the parts of one command share a client, and with it the rate limits. */
const connections = new WeakMap<Context, Promise<Connection>>()

/**
 * Returns the client of a command, from `--host`, `--project`, the environment and the credentials of
 * `posthog-cli login`, in this order of precedence. Sends no request.
 *
 * @throws ConfigurationError without a usable key or project
 */
export function connect(context: Context): Promise<Connection> {
  const existing = connections.get(context)
  if (existing !== undefined) return existing
  const connection = createConnection(context)
  connections.set(context, connection)
  return connection
}

async function createConnection(context: Context): Promise<Connection> {
  const { env } = context.io
  const { host, project, debug } = context.options
  const options: ClientOptions = {
    ...(readEnv(env, false).key === undefined ? await readCliCredentials(env) : {}),
    ...(host === undefined ? {} : { host }),
    ...(project === undefined ? {} : { projectId: project }),
    logger: createLogger(context),
    ...(debug === true ? { logLevel: 'debug' as const } : {}),
  }
  // Resolve with the environment first: errors then name the wrong variable.
  const config = resolveConfig(options, env)
  const projectId = requireProjectId(config)
  const apiKey = options.apiKey ?? readEnv(env, false).key?.value ?? ''
  if (typeof apiKey === 'string') context.redactSecret(apiKey)
  const client = createClient({ ...options, apiKey, host: config.host, projectId })
  return { client, host: config.host, projectId }
}

/**
 * Connects with a key that can read endpoint definitions. Project secret keys can only run endpoints.
 *
 * @throws UsageError for a project secret key
 */
export async function connectWithPersonalKey(context: Context): Promise<Connection> {
  const connection = await connect(context)
  if (connection.client.config.keyKind === 'project_secret') {
    throw new UsageError(
      'The key is a project secret API key (phs_), which can run endpoints but not read their definitions.',
      'Set POSTHOG_PERSONAL_API_KEY to a personal API key (phx_) with the scope endpoint:read.',
    )
  }
  return connection
}

/** Reads the credentials of PostHog's own CLI. Returns no options without a home folder or a login. */
async function readCliCredentials(env: Context['io']['env']): Promise<ClientOptions> {
  const home = env['HOME'] ?? env['USERPROFILE']
  if (home === undefined) return {}
  return (await cliCredentials({ path: join(home, '.posthog', 'credentials.json') })) ?? {}
}

/** Rejects `@current`: it is the project that the user opened last, and must not be in a committed file. */
export function assertFixedProject({ projectId }: Connection): void {
  if (projectId !== '@current') return
  throw new UsageError(
    'Expected a project ID, got @current, which can change at any time.',
    'Set `--project` or POSTHOG_PROJECT_ID to a number.',
  )
}

function createLogger({ warn, note }: Context): Logger {
  return {
    debug: (message) => warn(message),
    info: (message) => note(message),
    warn: (message) => warn(message),
    error: (message) => warn(message),
  }
}
