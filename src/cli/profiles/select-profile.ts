import type { Context } from '../context.ts'
import { suggestName, UsageError } from '../errors.ts'
import { checkProfileName, type Profile } from './profile.ts'
import { findProfileStore, openProfileStore } from './profile-store.ts'

/** Name of the profile that `login` writes without `--profile`. */
export const firstProfileName = 'default'

/** A profile with its name. */
export interface NamedProfile {
  readonly name: string
  readonly profile: Profile
}

/** The name of `--profile` or TYPEHOG_PROFILE, if any. `.env` files have no say: they are part of a repository. */
export function givenProfileName({ io, options }: Context): string | undefined {
  if (options.profile !== undefined) return checkProfileName(options.profile, '--profile')
  const name = io.env['TYPEHOG_PROFILE']?.trim()
  return name ? checkProfileName(name, 'TYPEHOG_PROFILE') : undefined
}

/**
 * Reads the profile of `--profile` or TYPEHOG_PROFILE. Undefined when neither is set.
 *
 * @throws UsageError when it does not exist
 */
export async function readGivenProfile(context: Context): Promise<NamedProfile | undefined> {
  const name = givenProfileName(context)
  return name === undefined ? undefined : readProfile(context, name)
}

/** Reads the default profile. Undefined when there is none. */
export async function readDefaultProfile(context: Context): Promise<NamedProfile | undefined> {
  const store = findProfileStore(context.io)
  const name = await store?.defaultName()
  const profile = name === undefined ? undefined : await store?.read(name)
  if (name === undefined || profile === undefined) return undefined
  redactProfile(context, profile)
  return { name, profile }
}

/**
 * Reads a profile by name.
 *
 * @throws UsageError when it does not exist
 */
export async function readProfile(context: Context, name: string): Promise<NamedProfile> {
  const store = openProfileStore(context.io)
  const profile = await store.read(name)
  if (profile === undefined) throw await missingProfile(context, name)
  redactProfile(context, profile)
  return { name, profile }
}

/** The error for a profile that does not exist. */
export async function missingProfile({ io }: Context, name: string): Promise<UsageError> {
  const names = await openProfileStore(io).names()
  return new UsageError(
    `There is no profile "${name}".`,
    names.length === 0
      ? `Run \`typehog login --profile ${name}\` to create it.`
      : `${suggestName(name, names)} Run \`typehog login --profile ${name}\` to create it.`,
  )
}

/** Redacts the key and the refresh token of a profile from all later output. */
export function redactProfile(context: Context, { key, oauth }: Profile): void {
  context.redactSecret(key)
  if (oauth?.refreshToken !== undefined) context.redactSecret(oauth.refreshToken)
}
