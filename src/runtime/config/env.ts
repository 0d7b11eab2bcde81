import { classifyKey } from '../auth/credential.ts'

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>

/** Settings from the environment, each with the name of its variable. */
export interface EnvSettings {
  readonly key?: Setting | undefined
  readonly projectId?: Setting | undefined
  readonly host?: Setting | undefined
}

/** A value and the name of its variable. */
export interface Setting {
  readonly name: string
  readonly value: string
}

/** Variables that may contain the key, in order of precedence. */
export const keyVariables: readonly string[] = [
  'POSTHOG_PERSONAL_API_KEY',
  'POSTHOG_PROJECT_SECRET_API_KEY',
  'POSTHOG_CLI_API_KEY',
  'POSTHOG_CLI_TOKEN',
  'POSTHOG_API_KEY',
]

/**
 * Reads the environment. Blank values count as not set: in CI, forks get empty secrets.
 *
 * The project and host of PostHog's own CLI count only with its key. Otherwise a key of one region could go to the host
 * of another. Many projects set `POSTHOG_API_KEY` to their public token, so it counts only when it is a private key.
 */
export function readEnv(env: Env, hasKey: boolean): EnvSettings {
  const first = (...names: readonly string[]): Setting | undefined => {
    for (const name of names) {
      const value = env[name]?.trim()
      if (value) return { name, value }
    }
    return undefined
  }
  const [personal = '', secret = '', cli = '', cliToken = '', shared = ''] = keyVariables
  const own = first(personal, secret)
  const fromCli = hasKey || own !== undefined ? undefined : first(cli, cliToken)
  const other = first(shared)
  const isPrivate =
    other !== undefined && ['personal', 'project_secret', 'oauth'].includes(classifyKey(other.value))
  return {
    key: own ?? fromCli ?? (isPrivate ? other : undefined),
    projectId:
      first('POSTHOG_PROJECT_ID') ?? (fromCli && first('POSTHOG_CLI_PROJECT_ID', 'POSTHOG_CLI_ENV_ID')),
    host: first('POSTHOG_API_HOST', 'POSTHOG_HOST') ?? (fromCli && first('POSTHOG_CLI_HOST')),
  }
}
