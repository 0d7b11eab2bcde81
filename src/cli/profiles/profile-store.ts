import { readdir, rm } from 'node:fs/promises'
import { posix, win32 } from 'node:path'
import type { CliInput } from '../cli-io.ts'
import { UsageError } from '../errors.ts'
import { type LockPlatform, withFileLock } from './file-lock.ts'
import { makePrivateFolder, readPrivateFile, writePrivateFile } from './private-files.ts'
import { checkProfileName, type Profile, parseProfile, renderProfile } from './profile.ts'
import { profileFolder } from './profile-folder.ts'

/** The profiles of a user: one file each, and one with the name of the default profile. */
export interface ProfileStore {
  /** Path of a profile's file. */
  pathOf(name: string): string
  /**
   * Reads a profile. Undefined when there is none.
   *
   * @throws UsageError when the file is invalid, or other users can access it
   */
  read(name: string): Promise<Profile | undefined>
  write(name: string, profile: Profile): Promise<void>
  /** Removes a profile, and its mark as the default. Returns whether it existed. */
  remove(name: string): Promise<boolean>
  /** Names of all profiles, sorted. */
  names(): Promise<string[]>
  defaultName(): Promise<string | undefined>
  setDefault(name: string): Promise<void>
  /** Runs an action that no other process runs at the same time for the same profile. */
  withLock<Result>(name: string, platform: LockPlatform, action: () => Promise<Result>): Promise<Result>
}

/** The file of the default profile's name. Profiles end in `.json`. */
const defaultFile = 'default-profile'

/** Opens the profiles of the user. Undefined when the environment names no home folder. */
export function findProfileStore({ env, signal, os = process.platform }: CliInput): ProfileStore | undefined {
  const folder = profileFolder(env, os)
  if (folder === undefined) return undefined
  const { join } = os === 'win32' ? win32 : posix
  const defaultPath = join(folder, defaultFile)
  const pathOf = (name: string): string => join(folder, `${name}.json`)
  const defaultName = async (): Promise<string | undefined> => {
    const text = await readPrivateFile(defaultPath, os)
    return text === undefined ? undefined : checkProfileName(text.trim(), `the content of ${defaultPath}`)
  }
  return {
    pathOf,
    defaultName,
    async read(name) {
      const path = pathOf(name)
      const text = await readPrivateFile(path, os)
      if (text === undefined) return undefined
      return parseProfile(text, (problem) => {
        return new UsageError(
          `The file ${path} of the profile "${name}" ${problem}.`,
          `Run \`typehog login --profile ${name}\` to replace it.`,
        )
      })
    },
    write: (name, profile) => writePrivateFile(pathOf(name), renderProfile(profile), os),
    async remove(name) {
      if ((await defaultName().catch(() => name)) === name) await rm(defaultPath, { force: true })
      try {
        await rm(pathOf(name))
        return true
      } catch (error) {
        if (Object(error).code === 'ENOENT') return false
        throw error
      }
    },
    async names() {
      const files = await readdir(folder).catch(() => [])
      return files.flatMap((file) => /^([a-z\d][a-z\d_-]{0,63})\.json$/.exec(file)?.[1] ?? []).sort()
    },
    setDefault: (name) => writePrivateFile(defaultPath, `${name}\n`, os),
    async withLock(name, platform, action) {
      await makePrivateFolder(folder, os)
      return withFileLock(join(folder, `${name}.lock`), platform, action, signal)
    },
  }
}

/**
 * Opens the profiles of the user.
 *
 * @throws UsageError when the environment names no home folder
 */
export function openProfileStore(io: CliInput): ProfileStore {
  const store = findProfileStore(io)
  if (store !== undefined) return store
  const { os = process.platform } = io
  const name = os === 'win32' ? 'APPDATA' : 'HOME'
  throw new UsageError(
    `There is no folder for profiles: ${name} is not set.`,
    `Set ${name}, or use the variable POSTHOG_PERSONAL_API_KEY instead of a profile.`,
  )
}
