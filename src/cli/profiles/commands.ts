import type { Command } from 'commander'
import { createPlatform } from '../../runtime/platform.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import type { Context, RunCommand } from '../context.ts'
import { describeError, UsageError } from '../errors.ts'
import { revokeProfile } from '../login/revoke-profile.ts'
import { style } from '../output/style.ts'
import { renderTable } from '../output/table.ts'
import { checkProfileName, describeKey } from './profile.ts'
import { openProfileStore } from './profile-store.ts'
import { givenProfileName, missingProfile, redactProfile } from './select-profile.ts'

/** Adds `typehog logout` and `typehog profiles …`. */
export function addProfileCommands(program: Command, run: RunCommand): void {
  program
    .command('logout')
    .description('remove a profile (default: the default one), and revoke its login')
    .action((_: object, command: Command) => run(command, logout))
  const profiles = program.command('profiles').description('list, choose and remove the profiles of `login`')
  profiles
    .command('ls')
    .description('list the profiles, without their keys')
    .action((_: object, command: Command) => run(command, listProfiles))
  profiles
    .command('use')
    .description('choose the default profile')
    .argument('<name>', 'name of the profile')
    .action((name: string, _: object, command: Command) =>
      run(command, (context) => useProfile(context, name)),
    )
  profiles
    .command('rm')
    .description('remove a profile, and revoke its login')
    .argument('<name>', 'name of the profile')
    .action((name: string, _: object, command: Command) =>
      run(command, (context) => removeProfile(context, checkProfileName(name, 'the argument'))),
    )
}

async function listProfiles(context: Context): Promise<ExitCode> {
  const store = openProfileStore(context.io)
  const names = await store.names()
  const defaultName = await store.defaultName()
  const rows = await Promise.all(
    names.map(async (name) => {
      const isDefault = name === defaultName
      try {
        const profile = await store.read(name)
        const { host = null, projectId = null } = profile ?? {}
        return { name, default: isDefault, host, projectId, key: profile ? describeKey(profile) : null }
      } catch (error) {
        return {
          name,
          default: isDefault,
          host: null,
          projectId: null,
          key: null,
          error: describeError(error, context.flags),
        }
      }
    }),
  )
  if (context.options.json === true) {
    context.printJson(rows.map((row) => ('error' in row ? { ...row, error: row.error?.message } : row)))
    return exitCodes.ok
  }
  if (rows.length === 0) {
    context.note('There are no profiles: `typehog login` creates one.')
    return exitCodes.ok
  }
  const cells = rows.map((row) => [
    row.default ? `${row.name} (default)` : row.name,
    row.host ?? '-',
    row.projectId ?? '-',
    row.key ?? 'cannot be read',
  ])
  for (const line of renderTable(['profile', 'host', 'project', 'key'], cells, context.io.columns).split(
    '\n',
  )) {
    context.print(line)
  }
  for (const row of rows) {
    if ('error' in row && row.error !== undefined) context.warn(`${row.error.message} ${row.error.fix ?? ''}`)
  }
  return exitCodes.ok
}

async function useProfile(context: Context, argument: string): Promise<ExitCode> {
  const name = checkProfileName(argument, 'the argument')
  const store = openProfileStore(context.io)
  if ((await store.read(name)) === undefined) throw await missingProfile(context, name)
  await store.setDefault(name)
  if (context.options.json === true) context.printJson({ default: name })
  else context.print(`The default profile is "${name}".`)
  return exitCodes.ok
}

async function logout(context: Context): Promise<ExitCode> {
  const name = givenProfileName(context) ?? (await openProfileStore(context.io).defaultName())
  if (name !== undefined) return removeProfile(context, name)
  throw new UsageError(
    'There is no default profile.',
    'Pass --profile with the name of one; `typehog profiles ls` lists them.',
  )
}

/** Removes a profile. Its tokens are revoked if the server can be reached. */
async function removeProfile(context: Context, name: string): Promise<ExitCode> {
  const { io } = context
  const store = openProfileStore(io)
  const platform = io.platform ?? createPlatform()
  if (!(await store.names()).includes(name)) throw await missingProfile(context, name)
  const { revoked, profile } = await store.withLock(name, platform, async () => {
    // A file that cannot be read is removed all the same.
    const profile = await store.read(name).catch(() => undefined)
    if (profile !== undefined) redactProfile(context, profile)
    const revoked = profile !== undefined && (await revokeProfile(context, profile))
    await store.remove(name)
    return { revoked, profile }
  })
  if (context.options.json === true) {
    context.printJson({ removed: name, revoked })
    return exitCodes.ok
  }
  context.print(style.green(`Removed the profile "${name}"${revoked ? ' and revoked its login' : ''}.`))
  if (profile !== undefined && profile.oauth === undefined) {
    context.note(
      `Its key still works. Delete it at ${profile.host}/settings/user-api-keys if nothing uses it.`,
    )
  }
  return exitCodes.ok
}
