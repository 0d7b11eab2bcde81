import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '../errors.ts'

/** Permission bits that let the group or all users do anything. */
const othersBits = 0o077
/** Permission bits that let the group or all users write. */
const othersWriteBits = 0o022

/**
 * Reads a file that only its owner may access. Undefined when it does not exist. Windows has no such bits: there, the
 * folder of the user protects the file.
 *
 * @throws UsageError when other users can access the file or change its folder, as ssh refuses such keys
 */
export async function readPrivateFile(path: string, os: NodeJS.Platform): Promise<string | undefined> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (file === undefined) return undefined
  try {
    if (os !== 'win32') {
      const { mode } = await file.stat()
      if (mode & othersBits) {
        throw new UsageError(
          `Other users can access ${path} (mode ${octal(mode)}), which has a key.`,
          `Run \`chmod 600 ${path}\`. Replace the key if somebody else may have read it.`,
        )
      }
      const folder = dirname(path)
      const { mode: folderMode } = await stat(folder)
      if (folderMode & othersWriteBits) {
        throw new UsageError(
          `Other users can change ${folder} (mode ${octal(folderMode)}), which has keys.`,
          `Run \`chmod 700 ${folder}\`, and check the hosts of \`typehog profiles ls\`.`,
        )
      }
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/**
 * Writes a file that only its owner may access (mode 600), in a folder of mode 700. Readers see the old or the new
 * content, and nothing in between.
 */
export async function writePrivateFile(path: string, text: string, os: NodeJS.Platform): Promise<void> {
  await makePrivateFolder(dirname(path), os)
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(text)
      // A refresh token that a power failure loses is lost for good.
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Creates a folder of mode 700, and takes the rights of others on an existing one. */
export async function makePrivateFolder(folder: string, os: NodeJS.Platform): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (os === 'win32') return
  const { mode } = await stat(folder)
  if (mode & othersBits) await chmod(folder, 0o700)
}

const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(3, '0')
