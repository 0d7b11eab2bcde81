import { join } from 'node:path'
import { cliCredentials } from '../../node/cli-credentials.ts'
import { readEnv, type Setting as Variable } from '../../runtime/config/env.ts'
import { normalizeHost } from '../../runtime/config/host.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { readConfig } from './read-config.ts'

/** A setting with its source. */
export interface Setting {
  readonly value: string
  /** `environment` includes `.env` files. `login` is the login of PostHog's own CLI. */
  readonly origin: 'flag' | 'environment' | 'config' | 'login'
  /** The source as shown to the user, such as `POSTHOG_HOST in .env`. */
  readonly source: string
}

/** Key, host and project of a command. */
export interface Settings {
  readonly key?: Setting | undefined
  readonly host?: Setting | undefined
  readonly projectId?: Setting | undefined
}

/**
 * Reads the settings of a command from its options, the environment, the configuration file and the login of PostHog's
 * own CLI, in this order of precedence. The key of a login goes to the host of the login only, unless `--host` is set.
 *
 * @throws UsageError when the configuration file has another host than the login that would be used
 */
export async function readSettings(context: Context): Promise<Settings> {
  const { env } = context.io
  const { host, project } = context.options
  const variables = readEnv(env, false)
  const login = variables.key === undefined ? await readLogin(context.io) : undefined
  const config = await readConfig(context)
  const fromFlag = (name: string, value: string | undefined): Setting | undefined =>
    value === undefined ? undefined : { value, origin: 'flag', source: name }
  const fromEnvironment = (variable: Variable | undefined): Setting | undefined => {
    if (variable === undefined) return undefined
    const { name, value } = variable
    const file = context.envFiles.get(name)
    return { value, origin: 'environment', source: file === undefined ? name : `${name} in ${file}` }
  }
  const fromConfig = (value: string | number | undefined): Setting | undefined =>
    config === undefined || value === undefined
      ? undefined
      : { value: String(value), origin: 'config', source: config.file }
  const fromLogin = (value: string | undefined): Setting | undefined =>
    value === undefined ? undefined : { value, origin: 'login', source: 'the login of posthog-cli' }

  const configHost = fromConfig(config?.config.host)
  if (host === undefined && login !== undefined && configHost !== undefined) {
    assertSameHost(login.host, configHost)
  }
  return {
    key: fromEnvironment(variables.key) ?? fromLogin(login?.apiKey),
    host: fromFlag('--host', host) ?? fromLogin(login?.host) ?? fromEnvironment(variables.host) ?? configHost,
    projectId:
      fromFlag('--project', project) ??
      fromEnvironment(variables.projectId) ??
      fromConfig(config?.config.projectId) ??
      fromLogin(login?.projectId),
  }
}

/** Prevents a committed file from sending the key of a login to another host. */
function assertSameHost(loginHost: string, config: Setting): void {
  if (normalizeHost(config.value) === loginHost) return
  throw new UsageError(
    `The login of posthog-cli is for ${loginHost}, but ${config.source} says ${config.value}.`,
    'Set POSTHOG_PERSONAL_API_KEY to a key of that host, or run `posthog-cli login` for it.',
  )
}

/** Reads the login of PostHog's own CLI. Undefined without a home folder or a login. */
async function readLogin({
  env,
  platform = process.platform,
}: Pick<Context['io'], 'env' | 'platform'>): ReturnType<typeof cliCredentials> {
  // As posthog-cli does. On Windows, Git Bash also sets HOME, to a path of its own. An empty one is no folder.
  const home = platform === 'win32' ? env['USERPROFILE'] || env['HOME'] : env['HOME'] || env['USERPROFILE']
  if (!home) return undefined
  return cliCredentials({ path: join(home, '.posthog', 'credentials.json') })
}
