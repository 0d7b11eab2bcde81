import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { formatPlace, placeOf } from '../../codegen/source-place.ts'
import { findJsonFault } from '../../shared/json-fault.ts'
import type { TypehogConfig } from '../../shared/typehog-config.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { readFileIfExists } from '../module-files.ts'
import { findConfig } from './find-config.ts'
import { loadConfigModule } from './load-config-module.ts'
import { type ConfigProblem, validateConfig } from './validate-config.ts'

/** A valid configuration file. */
export interface LoadedConfig {
  /** Path, relative to the working directory. */
  readonly file: string
  /** Its content with defaults. Paths are relative to the working directory. */
  readonly config: TypehogConfig
}

/** Configurations by context: a command reads the file once. */
const loaded = new WeakMap<Context, Promise<LoadedConfig | undefined>>()

/**
 * Reads the configuration file of a command. Undefined without one.
 *
 * @throws UsageError for an invalid file
 */
export function readConfig(context: Context): Promise<LoadedConfig | undefined> {
  const existing = loaded.get(context)
  if (existing !== undefined) return existing
  const { io, options } = context
  const config = findConfig(io.cwd, options.config).then((path) =>
    path === undefined ? undefined : loadConfig(path, io.cwd),
  )
  loaded.set(context, config)
  return config
}

/** Runs the command without its configuration file. */
export function ignoreConfig(context: Context): undefined {
  loaded.set(context, Promise.resolve(undefined))
}

/** Loads and validates a file. */
async function loadConfig(path: string, cwd: string): Promise<LoadedConfig> {
  const folder = dirname(path)
  const fromCwd = (target: string): string => relative(cwd, target) || '.'
  const file = fromCwd(path)
  const text = await readFileIfExists(path)
  if (text === undefined) {
    throw new UsageError(`${file} does not exist.`, 'Check --config, or run `typehog init`.')
  }
  const value = path.endsWith('.json') ? parseJson(text, file) : await loadConfigModule(path, file)
  const rebase = (text: string): string => (isAbsolute(text) ? text : fromCwd(resolve(folder, text)))
  const { config, problems } = validateConfig(value, rebase)
  if (config === undefined) throw invalidConfig(file, problems)
  return { file, config }
}

function parseJson(text: string, file: string): unknown {
  const json = text.replace(/^\ufeff/, '')
  try {
    return JSON.parse(json)
  } catch (error) {
    const position = formatPlace(placeOf({ path: file, text: json }, findJsonFault(json).offset))
    throw new UsageError(
      `${position}: expected JSON, without comments and trailing commas.`,
      'Correct the file, or run `typehog init --force` to write a new one.',
      error,
    )
  }
}

function invalidConfig(file: string, problems: readonly ConfigProblem[]): UsageError {
  const messages = problems.map(
    ({ pointer, message }) => `${pointer === '' ? 'the file' : pointer}: ${message}`,
  )
  const fixes = problems.flatMap(({ fix }) => fix ?? [])
  return new UsageError(
    `${file} is invalid. ${messages.join('; ')}.`,
    fixes.length > 0 ? fixes.join(' ') : 'Correct the file; its `$schema` describes each value in editors.',
  )
}
