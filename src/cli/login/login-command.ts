import type { Command } from 'commander'
import { createClient } from '../../client/create-client.ts'
import type { Whoami } from '../../resources/whoami.ts'
import { defaults } from '../../runtime/config/defaults.ts'
import { readProjectId, regionHost } from '../../runtime/config/host.ts'
import { WrongRegionError } from '../../runtime/errors/api-errors.ts'
import { createPlatform } from '../../runtime/platform.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { isCi } from '../config/env-files.ts'
import type { Context, RunCommand } from '../context.ts'
import { UsageError } from '../errors.ts'
import { scopes as pullScopes, selectProject } from '../init/account.ts'
import { formatProject } from '../init/questions.ts'
import { splitNames } from '../options.ts'
import { style } from '../output/style.ts'
import type { Profile } from '../profiles/profile.ts'
import { openProfileStore } from '../profiles/profile-store.ts'
import { firstProfileName, givenProfileName, redactProfile } from '../profiles/select-profile.ts'
import type { AuthServer } from './auth-server.ts'
import { loginInBrowser } from './browser-login.ts'
import { askHost, readLoginHost } from './login-host.ts'
import { readPastedKey } from './pasted-key.ts'
import { revokeProfile } from './revoke-profile.ts'

/** Options of `login`. */
interface LoginOptions {
  readonly withKey?: boolean
  readonly browser: boolean
  readonly scopes?: readonly string[]
}

/** Scopes that the commands need. */
const defaultScopes: readonly string[] = [...pullScopes, 'user:read', 'endpoint:write']

/** Adds `typehog login`. */
export function addLoginCommand(program: Command, run: RunCommand): void {
  program
    .command('login')
    .description('log in to PostHog with the browser, or with a personal API key, and save it as a profile')
    .option('--with-key', 'read a personal API key from the terminal, or else from stdin')
    .option('--no-browser', 'print the URL of the login instead of opening it')
    .option(
      '--scopes <names>',
      'scopes to request in the browser, separated by commas (default: those that the commands need)',
      splitNames,
    )
    .action((options: LoginOptions, command: Command) => run(command, (context) => login(context, options)))
}

/** `typehog login`: gets a key, checks it, chooses the project, and saves all of it as a profile. */
async function login(context: Context, options: LoginOptions): Promise<ExitCode> {
  const { io } = context
  const store = openProfileStore(io)
  const name = givenProfileName(context) ?? (await store.defaultName()) ?? firstProfileName
  // A file that cannot be read is replaced.
  const previous = await store.read(name).catch(() => undefined)
  const known = readLoginHost(context, previous)
  const found =
    options.withKey === true
      ? await loginWithKey(context, known)
      : await loginWithBrowser(context, known ?? (await askHost(context)), options)
  const { profile, whoami } = found
  await store.withLock(name, io.platform ?? createPlatform(), () => store.write(name, profile))
  if (previous !== undefined) {
    redactProfile(context, previous)
    await revokeProfile(context, previous)
  }
  const isDefault = await useAsDefault(context, name)
  const { projectId, host } = profile
  const project = whoami.projects?.find(({ id }) => String(id) === projectId)
  const path = store.pathOf(name)
  if (context.options.json === true) {
    const method = profile.oauth === undefined ? 'key' : 'oauth'
    const email = whoami.user?.email ?? null
    context.printJson({ profile: name, default: isDefault, host, projectId, method, user: email, file: path })
    return exitCodes.ok
  }
  const user = whoami.user === undefined ? '' : ` as ${whoami.user.email}`
  const shownProject = project === undefined ? projectId : formatProject(project)
  context.print(style.green(`Logged in to ${host}${user}, project ${shownProject}.`))
  context.print(`Saved as the profile "${name}" in ${path}.`)
  if (!isDefault) context.note(`Use it with --profile ${name}, or always: typehog profiles use ${name}`)
  return exitCodes.ok
}

/** A checked profile, and what PostHog says about its key. */
interface CheckedLogin {
  readonly profile: Profile
  readonly whoami: Whoami
}

/** Logs in with the browser where the server offers it, and else with a pasted key. */
async function loginWithBrowser(
  context: Context,
  host: string,
  { browser, scopes = defaultScopes }: LoginOptions,
): Promise<CheckedLogin> {
  const { io } = context
  const { env, isTTY, signal, prompt } = io
  if (isCi(env)) {
    throw new UsageError(
      'CI has no browser to log in with.',
      'Set POSTHOG_PERSONAL_API_KEY, or run `typehog login --with-key < file`.',
    )
  }
  const platform = io.platform ?? createPlatform()
  const server: AuthServer = { host, platform, signal }
  const isRemote = Boolean(env['SSH_CONNECTION'] || env['SSH_TTY'])
  const result = await loginInBrowser(context, server, {
    scopes,
    opensBrowser: browser && !isRemote,
    ask: isTTY.stdin === true && context.options.json !== true ? prompt : undefined,
  })
  if (result.refusal !== undefined) {
    if (isTTY.stdin !== true || prompt === undefined) {
      throw new UsageError(
        `${result.refusal}.`,
        `Create a personal API key at ${keyPage(host)} and run \`typehog login --with-key < file\`.`,
      )
    }
    context.warn(`${result.refusal}. Create a personal API key at ${keyPage(host)}`)
    context.warn(`with the scopes ${scopes.join(', ')}.`)
    return loginWithKey(context, host)
  }
  const { clientId, grant } = result
  const { accessToken: key, refreshToken, expiresIn, projectIds } = grant
  for (const secret of [key, refreshToken]) if (secret !== undefined) context.redactSecret(secret)
  const missing = grant.scopes === undefined ? [] : scopes.filter((scope) => !grant.scopes?.includes(scope))
  if (missing.length > 0) context.warn(`PostHog did not grant: ${missing.join(', ')}.`)
  const oauth = {
    clientId,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiresIn === undefined ? {} : { expiresAt: platform.now() + expiresIn * 1_000 }),
  }
  return check(context, { key, host, oauth }, projectIds)
}

/**
 * Logs in with a pasted key. Without a known host, the key may be of either region of PostHog Cloud.
 */
async function loginWithKey(context: Context, host: string | undefined): Promise<CheckedLogin> {
  const key = await readPastedKey(context)
  try {
    return await check(context, { key, host: host ?? defaults.host }, [])
  } catch (error) {
    if (!(error instanceof WrongRegionError)) throw error
    const found = regionHost(error.region)
    context.note(`The key is of ${found}.`)
    return check(context, { key, host: found }, [])
  }
}

/**
 * Asks PostHog about a key, and chooses the project.
 *
 * @param projectIds the only projects of the key; empty for no limit
 */
async function check(
  context: Context,
  { key, host, oauth }: Omit<Profile, 'projectId'>,
  projectIds: readonly number[],
): Promise<CheckedLogin> {
  const { io, options } = context
  const client = createClient({
    apiKey: key,
    host,
    ...(io.platform === undefined ? {} : { fetch: io.platform.fetch }),
    // `createClient` reads the environment for omitted options.
    projectId: '@current',
  })
  const whoami = await client.whoami()
  io.signal.throwIfAborted()
  const given = readProjectId(options.project)
  const [only] = projectIds
  if (given !== undefined && only !== undefined && !projectIds.some((id) => String(id) === given)) {
    throw new UsageError(
      `The login grants access to project ${projectIds.join(', ')}, and not to project ${given}.`,
      `Run \`typehog login --project ${given}\` again, and choose that project in the browser.`,
    )
  }
  const chosen = given ?? (projectIds.length === 1 ? String(only) : undefined)
  const projectId =
    projectIds.length > 0 && chosen !== undefined
      ? chosen
      : await selectProject(context, { client, host, projectId: chosen }, ask(context))
  return { profile: { host, projectId, key, ...(oauth === undefined ? {} : { oauth }) }, whoami }
}

/** The prompt on a terminal. */
function ask({ io, options }: Context): ((question: string) => Promise<string>) | undefined {
  const { prompt, isTTY } = io
  if (prompt === undefined || isTTY.stdin !== true || options.json === true) return undefined
  return async (question) => {
    const answer = await prompt(question)
    io.signal.throwIfAborted()
    if (answer !== undefined) return answer
    throw new UsageError('The input ended before an answer.', 'Pass --project.')
  }
}

/** Makes a profile the default one if there is none. Returns whether it is the default. */
async function useAsDefault({ io }: Context, name: string): Promise<boolean> {
  const store = openProfileStore(io)
  const current = await store.defaultName()
  if (current === undefined) await store.setDefault(name)
  return current === undefined || current === name
}

/** The page: https://posthog.com/docs/api/personal-api-keys */
function keyPage(host: string): string {
  return `${host}/settings/user-api-keys`
}
