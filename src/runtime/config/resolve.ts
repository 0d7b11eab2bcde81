import type { Endpoint } from '../../shared/endpoint.ts'
import { checkKey, classifyKey, type KeyKind, type KeySource, keyFix, storeKey } from '../auth/credential.ts'
import type { Cache } from '../cache/cache.ts'
import { ConfigurationError } from '../errors/posthog-error.ts'
import type { LimitOptions } from '../limits/rates.ts'
import type { Hooks } from '../observe/hooks.ts'
import { createLogger, isLogLevel, type Logger, type LogLevel } from '../observe/logger.ts'
import type { DeprecationMode } from '../observe/notices.ts'
import { redact } from '../observe/redact.ts'
import { secretsOf } from '../observe/secrets.ts'
import type { Tracer } from '../observe/tracing.ts'
import type { Middleware } from '../transport/middleware.ts'
import type { ValidateMode } from '../transport/validate.ts'
import { checkClientOptions } from './check-client-options.ts'
import {
  checkChoice,
  type OptionNames,
  positive,
  positiveInteger,
  rejectUnknownOptions,
  unexpected,
} from './check-options.ts'
import { defaults } from './defaults.ts'
import { type Env, keyVariables, readEnv } from './env.ts'
import { readHeaders } from './headers.ts'
import { normalizeHost, type ProjectId, type Region, readProjectId, regionHost, regionOf } from './host.ts'
import type { ClientOptions, RetryOptions } from './options.ts'

/** Resolved configuration of a client. Frozen, and without the key. */
export interface Config {
  /** URL of the API without a trailing slash; may have a sub-path. */
  readonly host: string
  /** Origin of `host`: the only origin that gets the key. */
  readonly origin: string
  /** Region of PostHog Cloud; undefined for a self-hosted PostHog. */
  readonly region: Region | undefined
  /** Kind of the key, by its prefix or by its provider; undefined when a function returns the key. */
  readonly keyKind: KeyKind | undefined
  readonly projectId: ProjectId | undefined
  readonly organizationId: string | undefined
  readonly timeout: number
  readonly idleTimeout: number
  readonly totalTimeout: number
  readonly maxResponseBytes: number
  readonly retry: {
    readonly maxAttempts: number
    readonly initialDelay: number
    readonly maxDelay: number
    /** The caller's own decision. */
    readonly decide: RetryOptions['decide']
  }
  readonly headers: Readonly<Record<string, string>>
  readonly limits: false | LimitOptions
  readonly findRegion: boolean
  readonly cache: Cache | undefined
  readonly cacheTimeout: number
  readonly middleware: readonly Middleware[]
  readonly tracer: Tracer | undefined
  readonly validate: ValidateMode
  /** Response schemas by method and path. */
  readonly validators: ClientOptions['validators']
  readonly log: Logger
  /** Pinned endpoints by name. */
  readonly endpoints: ReadonlyMap<string, Endpoint<unknown, unknown>>
  readonly onVersionDrift: 'throw' | 'warn' | 'ignore'
  readonly deprecations: DeprecationMode
  readonly hooks: Hooks
  /** `typehog/<version>`; undefined in a browser, which sets its own. */
  readonly userAgent: string | undefined
}

/** Facts about the runtime. */
export interface RuntimeInfo {
  /** Version of this package, for the user agent. */
  readonly version?: string
  /** Default: whether the globals `window` and `document` exist. */
  readonly browser?: boolean
}

const optionNames: OptionNames<ClientOptions> = {
  apiKey: true,
  projectId: true,
  organizationId: true,
  region: true,
  host: true,
  timeout: true,
  idleTimeout: true,
  totalTimeout: true,
  maxResponseBytes: true,
  retry: true,
  headers: true,
  limits: true,
  findRegion: true,
  middleware: true,
  tracer: true,
  validate: true,
  validators: true,
  cache: true,
  cacheTimeout: true,
  logger: true,
  logLevel: true,
  fetch: true,
  dangerouslyAllowBrowser: true,
  endpoints: true,
  onVersionDrift: true,
  onRequest: true,
  onResponse: true,
  onRetry: true,
  onRateLimit: true,
  onNotice: true,
  deprecations: true,
}

/**
 * Resolves options, environment and defaults, in this order of precedence.
 *
 * @throws ConfigurationError when there is no valid key, or an option is unknown, out of range or contradicts another
 */
export function resolveConfig(options: ClientOptions, env: Env, runtime: RuntimeInfo = {}): Config {
  rejectUnknownOptions('createClient', options, optionNames)
  checkClientOptions(options)
  const { version, browser = 'window' in globalThis && 'document' in globalThis } = runtime
  if (browser && options.dangerouslyAllowBrowser !== true) {
    throw invalid('In a browser, every visitor can read the key', 'Call PostHog from a server')
  }
  const settings = readEnv(env, options.apiKey !== undefined)
  const key = options.apiKey ?? settings.key?.value
  if (key === undefined) throw missingKey()
  const renewable = typeof key === 'function' || typeof Object(key).token === 'function'
  const checked: KeySource = renewable
    ? key
    : checkKey(key, options.apiKey === undefined ? settings.key?.name : undefined)

  const host = resolveHost(options, settings.host?.value)
  const retry: RetryOptions = options.retry === false ? { maxAttempts: 1 } : (options.retry ?? {})
  const config: Config = {
    host,
    origin: new URL(host).origin,
    region: regionOf(host),
    // A provider may have a kind; a function has none.
    keyKind: typeof checked === 'string' ? classifyKey(checked) : Object(checked).kind,
    projectId: readProjectId(options.projectId ?? settings.projectId?.value),
    organizationId: options.organizationId,
    timeout: positive('timeout', options.timeout, defaults.timeout),
    idleTimeout: positive('idleTimeout', options.idleTimeout, defaults.idleTimeout),
    totalTimeout: positive('totalTimeout', options.totalTimeout, defaults.totalTimeout),
    maxResponseBytes: positiveInteger(
      'maxResponseBytes',
      options.maxResponseBytes,
      defaults.maxResponseBytes,
    ),
    retry: {
      maxAttempts: positiveInteger('maxAttempts', retry.maxAttempts, defaults.maxAttempts),
      initialDelay: positive('retry.initialDelay', retry.initialDelay, defaults.initialDelay),
      maxDelay: positive('retry.maxDelay', retry.maxDelay, defaults.maxDelay),
      decide: retry.decide,
    },
    headers: readHeaders(options.headers),
    limits: resolveLimits(options.limits),
    findRegion: options.findRegion ?? defaults.findRegion,
    middleware: [...(options.middleware ?? [])],
    tracer: options.tracer,
    validate: resolveValidate(options),
    validators: options.validators,
    cache: options.cache,
    cacheTimeout: positive('cacheTimeout', options.cacheTimeout, defaults.cacheTimeout),
    log: createLogger(options.logger ?? console, resolveLevel(options, env), (text) =>
      redact(text, secretsOf(config)),
    ),
    endpoints: new Map(Object.values(options.endpoints ?? {}).map((endpoint) => [endpoint.name, endpoint])),
    onVersionDrift: options.onVersionDrift ?? defaults.onVersionDrift,
    deprecations: options.deprecations ?? defaults.deprecations,
    hooks: {
      onRequest: options.onRequest,
      onResponse: options.onResponse,
      onRetry: options.onRetry,
      onRateLimit: options.onRateLimit,
      onNotice: options.onNotice,
    },
    userAgent: browser ? undefined : `typehog${version === undefined ? '' : `/${version}`}`,
  }
  storeKey(config, checked, options.fetch)
  secretsOf(config).addNamed(Object.entries(config.headers))
  // Headers may be secrets: printing the configuration omits them.
  Object.defineProperty(config, 'headers', { enumerable: false })
  for (const part of [config.retry, config.headers, config.middleware, config.hooks]) Object.freeze(part)
  return Object.freeze(config)
}

/** Whether there is a key, valid or not. */
export function isConfigured(options: ClientOptions, env: Env): boolean {
  rejectUnknownOptions('createClient.optional', options, optionNames)
  const { apiKey } = options
  if (apiKey === undefined) return readEnv(env, false).key !== undefined
  return typeof apiKey !== 'string' || apiKey.trim() !== ''
}

/** Returns the project id. Throws ConfigurationError without one. */
export function requireProjectId(config: Pick<Config, 'projectId'>): ProjectId {
  if (config.projectId !== undefined) return config.projectId
  throw invalid('This route needs a project', 'Pass `projectId`, or set POSTHOG_PROJECT_ID')
}

function resolveHost({ host, region }: ClientOptions, fromEnv: string | undefined): string {
  checkChoice('region', region, ['us', 'eu'])
  if (host === undefined && region !== undefined) return regionHost(region)
  const address = host ?? fromEnv
  if (address === undefined) return defaults.host
  const normalized = normalizeHost(address)
  if (region !== undefined && regionOf(normalized) !== region) {
    throw invalid('`region` and `host` contradict each other', 'Pass only one of them')
  }
  return normalized
}

function resolveLimits(limits: ClientOptions['limits'] = {}): false | LimitOptions {
  if (limits === false) return false
  positiveInteger('limits.maxConcurrentQueries', limits.maxConcurrentQueries, 1)
  positiveInteger('limits.maxConcurrentMaterializedRuns', limits.maxConcurrentMaterializedRuns, 1)
  positiveInteger('limits.storeTimeout', limits.storeTimeout, 1)
  return limits
}

function resolveValidate({ validate = defaults.validate, validators }: ClientOptions): ValidateMode {
  checkChoice('validate', validate, ['off', 'warn', 'throw'])
  if (validate === 'off' || validators !== undefined) return validate
  throw invalid('`validate` has no schemas', 'Pass `validators`, such as `responseValidators` of typehog/zod')
}

/** The option, then the environment variable TYPEHOG_LOG, then the default. */
function resolveLevel({ logLevel }: ClientOptions, env: Env): LogLevel {
  const fromEnv = env['TYPEHOG_LOG']?.trim() || undefined
  const level = logLevel ?? fromEnv ?? defaults.logLevel
  if (isLogLevel(level)) return level
  const name = logLevel === undefined ? 'TYPEHOG_LOG' : '`logLevel`'
  throw unexpected(name, level, 'debug, info, warn, error or off')
}

function missingKey(): ConfigurationError {
  return invalid(
    `No API key; expected \`apiKey\`, or a private key in one of ${keyVariables.join(', ')}`,
    keyFix,
  )
}

function invalid(message: string, fix: string): ConfigurationError {
  return new ConfigurationError({ message: `${message}.`, fix: /[.?]$/.test(fix) ? fix : `${fix}.` })
}
