import { dirname, join, relative, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Env } from '../../runtime/config/env.ts'
import type { CliInput } from '../cli-io.ts'
import { UsageError } from '../errors.ts'
import { readText } from '../read-text.ts'
import { findConfig } from './find-config.ts'

/** The variables of a command: those of the process, completed from `.env` files. */
export interface Environment {
  readonly env: Env
  /** The file that a variable comes from, by the name of the variable. */
  readonly files: ReadonlyMap<string, string>
}

/** Options that choose the `.env` files. */
export interface EnvFileOptions {
  readonly config?: string
  /** Files in place of the default ones; false for none. */
  readonly envFile?: readonly string[] | false
}

/** Files that are read by default, from the folder of the configuration file. Later ones take precedence. */
const defaultFiles = ['.env', '.env.local']
/** Variables with the same meaning. One of the process hides both of the files. */
const hostVariables = ['POSTHOG_API_HOST', 'POSTHOG_HOST']

/**
 * Reads the variables that start with `POSTHOG_` from `.env` and `.env.local`, or from the files of `--env-file`. The
 * process's own variables take precedence, even empty ones. CI reads no file unless one is named.
 *
 * @throws UsageError when a named file does not exist
 */
export async function readEnvironment(
  { env, cwd }: Pick<CliInput, 'env' | 'cwd'>,
  { config, envFile }: EnvFileOptions,
): Promise<Environment> {
  const merged: Record<string, string | undefined> = { ...env }
  const files = new Map<string, string>()
  const hasHost = hostVariables.some((name) => env[name]?.trim())
  for (const path of await pathsOf(env, cwd, config, envFile)) {
    const named = envFile !== undefined
    const values = await readVariables(path, named)
    for (const [name, value] of Object.entries(values)) {
      const hidden = env[name] !== undefined || (hasHost && hostVariables.includes(name))
      if (!name.startsWith('POSTHOG_') || hidden) continue
      merged[name] = value
      files.set(name, relative(cwd, path))
    }
  }
  return { env: merged, files }
}

async function pathsOf(
  env: Env,
  cwd: string,
  config: string | undefined,
  envFile: EnvFileOptions['envFile'],
): Promise<string[]> {
  if (envFile === false) return []
  if (envFile !== undefined) return envFile.map((file) => resolve(cwd, file))
  if (isCi(env)) return []
  const found = await findConfig(cwd, config)
  const folder = found === undefined ? cwd : dirname(found)
  return defaultFiles.map((file) => join(folder, file))
}

/** CI services set `CI`. */
export function isCi(env: Env): boolean {
  return !['', '0', 'false'].includes(env['CI'] ?? '')
}

async function readVariables(path: string, named: boolean): Promise<Env> {
  try {
    return parseEnv(await readText(path))
  } catch (error) {
    // Python tools use `.env` as the name of a folder.
    const isAbsent = ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(Object(error).code)
    if (!isAbsent) throw error
    if (!named) return {}
    throw new UsageError(`The file ${path} of --env-file cannot be read.`, 'Check the path.', error)
  }
}
