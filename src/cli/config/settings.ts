import { join } from 'node:path'
import { cliCredentials } from '../../node/cli-credentials.ts'
import { readEnv, type Setting as Variable } from '../../runtime/config/env.ts'
import { normalizeHost } from '../../runtime/config/host.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { type NamedProfile, readDefaultProfile, readGivenProfile } from '../profiles/select-profile.ts'
import { readConfig } from './read-config.ts'

/** A setting with its source. */
export interface Setting {
  readonly value: string
  /** `environment` includes `.env` files. `login` is the login of PostHog's own CLI. */
  readonly origin: 'flag' | 'profile' | 'environment' | 'config' | 'login'
  /** The source as shown to the user, such as `POSTHOG_HOST in .env`. */
  readonly source: string
}

/** Key, host and project of a command. */
export interface Settings {
  readonly key?: Setting | undefined
  readonly host?: Setting | undefined
  readonly projectId?: Setting | undefined
  /** The profile of the key, if the key comes from one. */
  readonly profile?: NamedProfile | undefined
}

/**
 * Reads the settings of a command, in this order of precedence: its options, the profile of `--profile` or
 * TYPEHOG_PROFILE, the environment, the configuration file, the default profile, and the login of PostHog's own CLI.
 *
 * The key of a profile goes to the host of the profile only. The key of a login goes to the host of the login only,
 * unless `--host` is set.
 *
 * @throws UsageError when an option, a variable or the configuration file has another host than that of the key
 */
export async function readSettings(context: Context): Promise<Settings> {
  const { env } = context.io
  const { host, project } = context.options
  const given = await readGivenProfile(context)
  const variables = readEnv(env, given !== undefined)
  const hasKey = given !== undefined || variables.key !== undefined
  const profile = hasKey ? given : await readDefaultProfile(context)
  const login = hasKey || profile !== undefined ? undefined : await readLogin(context.io)
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
  const fromProfile = (value: string | undefined): Setting | undefined =>
    profile === undefined || value === undefined
      ? undefined
      : { value, origin: 'profile', source: `the profile "${profile.name}"` }

  const hostFlag = fromFlag('--host', host)
  const projectFlag = fromFlag('--project', project)
  const hostVariable = fromEnvironment(variables.host)
  const projectVariable = fromEnvironment(variables.projectId)
  const configHost = fromConfig(config?.config.host)
  const configProject = fromConfig(config?.config.projectId)
  if (profile !== undefined) {
    const { key, host, projectId } = profile.profile
    const otherHost = hostFlag ?? (given === undefined ? hostVariable : undefined) ?? configHost
    if (otherHost !== undefined) assertProfileHost(profile, otherHost)
    const lower = projectVariable ?? configProject
    return {
      key: fromProfile(key),
      host: fromProfile(host),
      projectId:
        projectFlag ??
        (given === undefined ? (lower ?? fromProfile(projectId)) : (fromProfile(projectId) ?? lower)),
      profile,
    }
  }
  if (hostFlag === undefined && login !== undefined && configHost !== undefined) {
    assertLoginHost(login.host, configHost)
  }
  return {
    key: fromEnvironment(variables.key) ?? fromLogin(login?.apiKey),
    host: hostFlag ?? fromLogin(login?.host) ?? hostVariable ?? configHost,
    projectId: projectFlag ?? projectVariable ?? configProject ?? fromLogin(login?.projectId),
  }
}

/** Prevents a flag, a variable or a committed file from sending the key of a profile to another host. */
function assertProfileHost({ name, profile }: NamedProfile, other: Setting): void {
  if (normalizeHost(other.value) === profile.host) return
  throw new UsageError(
    `The profile "${name}" is for ${profile.host}, but ${other.source} says ${other.value}. Its key goes to no other host.`,
    other.origin === 'flag'
      ? 'Omit --host, or pass --profile with a profile for that host; `typehog profiles ls` lists them.'
      : `Pass --profile with a profile for that host, or --host ${profile.host} to use this one.`,
  )
}

/** Prevents a committed file from sending the key of a login to another host. */
function assertLoginHost(loginHost: string, config: Setting): void {
  if (normalizeHost(config.value) === loginHost) return
  throw new UsageError(
    `The login of posthog-cli is for ${loginHost}, but ${config.source} says ${config.value}.`,
    'Set POSTHOG_PERSONAL_API_KEY to a key of that host, or run `posthog-cli login` for it.',
  )
}

/** Reads the login of PostHog's own CLI. Undefined without a home folder or a login. */
async function readLogin({
  env,
  os = process.platform,
}: Pick<Context['io'], 'env' | 'os'>): ReturnType<typeof cliCredentials> {
  // As posthog-cli does. On Windows, Git Bash also sets HOME, to a path of its own. An empty one is no folder.
  const home = os === 'win32' ? env['USERPROFILE'] || env['HOME'] : env['HOME'] || env['USERPROFILE']
  if (!home) return undefined
  return cliCredentials({ path: join(home, '.posthog', 'credentials.json') })
}
