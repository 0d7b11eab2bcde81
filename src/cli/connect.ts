import { createClient, type TypehogClient } from '../client/create-client.ts'
import type { TokenProvider } from '../runtime/auth/token-cache.ts'
import { keyVariables } from '../runtime/config/env.ts'
import type { ClientOptions } from '../runtime/config/options.ts'
import { requireProjectId, resolveConfig } from '../runtime/config/resolve.ts'
import { ConfigurationError } from '../runtime/errors/posthog-error.ts'
import type { Logger } from '../runtime/observe/logger.ts'
import { createPlatform } from '../runtime/platform.ts'
import { readSettings, type Setting, type Settings } from './config/settings.ts'
import type { Context } from './context.ts'
import { UsageError } from './errors.ts'
import { openProfileStore } from './profiles/profile-store.ts'
import { profileTokens } from './profiles/profile-tokens.ts'
import type { NamedProfile } from './profiles/select-profile.ts'

/** A client for the configured host and project. */
export interface Connection {
  readonly client: TypehogClient
  readonly host: string
  readonly projectId: string
}

/** A client for the configured host. The project may be unknown. */
export interface Account {
  readonly client: TypehogClient
  readonly host: string
  readonly projectId: string | undefined
}

/** Accounts by context: the parts of one command share a client, and with it the rate limits. */
const accounts = new WeakMap<Context, Promise<Account>>()

/**
 * Returns the client of a command; see `readSettings`. Sends no request.
 *
 * @throws ConfigurationError without a usable key or project
 */
export async function connect(context: Context): Promise<Connection> {
  const { client, host, projectId } = await connectAccount(context)
  return { client, host, projectId: requireProjectId({ projectId }) }
}

/**
 * Returns the client of a command that may choose the project later.
 *
 * @throws ConfigurationError without a usable key
 */
export function connectAccount(context: Context): Promise<Account> {
  const existing = accounts.get(context)
  if (existing !== undefined) return existing
  const account = createAccount(context)
  accounts.set(context, account)
  return account
}

/** Returns the client of a command that sends only calls with a public token. It needs no key. */
export function connectWithoutKey(context: Context): Promise<Account> {
  return createAccount(context, noKey)
}

/** The key of a client that sends none. */
function noKey(): never {
  throw missingKey()
}

async function createAccount(context: Context, defaultKey?: () => never): Promise<Account> {
  const { env } = context.io
  const { key, host, projectId, profile } = await readSettings(context)
  const source = key?.value ?? defaultKey
  if (source === undefined) throw missingKey()
  const given = (setting: Setting | undefined): setting is Setting =>
    setting !== undefined && setting.origin !== 'environment'
  const options: ClientOptions = {
    ...(key === undefined || given(key) ? { apiKey: source } : {}),
    ...(given(host) ? { host: host.value } : {}),
    ...(given(projectId) ? { projectId: projectId.value } : {}),
    // The key of a profile goes to no other host, not even to the other region.
    ...(profile === undefined ? {} : { findRegion: false }),
    logger: createLogger(context),
    ...(context.options.debug === true ? { logLevel: 'debug' as const } : {}),
  }
  // Resolve with the environment first: errors then name the wrong variable.
  const config = withSources({ host, projectId }, () => resolveConfig(options, env))
  if (key !== undefined) context.redactSecret(key.value)
  const apiKey = profile?.profile.oauth === undefined ? source : tokensOf(context, profile)
  const project = config.projectId === undefined ? {} : { projectId: config.projectId }
  const client = createClient({ ...options, apiKey, host: config.host, ...project })
  return { client, host: config.host, projectId: config.projectId }
}

/** Names the source of an invalid host or project, such as `POSTHOG_HOST in .env`, in place of the option. */
function withSources<T>({ host, projectId }: Pick<Settings, 'host' | 'projectId'>, resolve: () => T): T {
  try {
    return resolve()
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    const [, option] = /^`(host|projectId)` is /.exec(error.message) ?? []
    const setting = option === 'host' ? host : option === 'projectId' ? projectId : undefined
    if (setting === undefined) throw error
    throw new UsageError(error.message.replace(`\`${option}\``, setting.source), error.fix, error)
  }
}

/** The self-renewing key of a profile. */
function tokensOf(context: Context, profile: NamedProfile): TokenProvider {
  const { io, redactSecret } = context
  return profileTokens(profile, {
    store: openProfileStore(io),
    platform: io.platform ?? createPlatform(),
    redactSecret,
  })
}

function missingKey(): UsageError {
  return new UsageError(
    `No API key; expected a profile, or a private key in one of ${keyVariables.join(', ')}.`,
    'Run `typehog login`. Or create a personal API key (phx_) in PostHog under Settings > Personal API keys, and set POSTHOG_PERSONAL_API_KEY to it.',
  )
}

/**
 * Connects with a key that can read and write objects. Project secret keys can only run endpoints.
 *
 * @param scope the scope that the command needs
 * @throws UsageError for a project secret key
 */
export async function connectWithPersonalKey(
  context: Context,
  scope: string = endpointScope,
): Promise<Connection> {
  const connection = await connect(context)
  assertPersonalKey(connection, scope)
  return connection
}

const endpointScope = 'endpoint:read'

/** Rejects project secret keys. */
export function assertPersonalKey(
  { client }: Pick<Connection, 'client'>,
  scope: string = endpointScope,
): void {
  if (client.config.keyKind !== 'project_secret') return
  const limits =
    scope === endpointScope ? 'can run endpoints but not read their definitions' : 'can only run endpoints'
  throw new UsageError(
    `The key is a project secret API key (phs_), which ${limits}.`,
    `Set POSTHOG_PERSONAL_API_KEY to a personal API key (phx_) with the scope ${scope}.`,
  )
}

/** Rejects `@current`: it is the project that the user opened last, and must not be in a committed file. */
export function assertFixedProject({ projectId }: Pick<Connection, 'projectId'>): void {
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
