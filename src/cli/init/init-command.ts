import { dirname, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { type FileContent, replaceFiles } from '../../codegen/files.ts'
import { configuredAreas } from '../areas.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { isCi } from '../config/env-files.ts'
import { findConfig, jsonConfigFile } from '../config/find-config.ts'
import { jsonSchemaFile } from '../config/json-schema.ts'
import { ignoreConfig, readConfig } from '../config/read-config.ts'
import { readSettings } from '../config/settings.ts'
import type { Context, RunCommand } from '../context.ts'
import { UsageError } from '../errors.ts'
import { readFileIfExists } from '../module-files.ts'
import { style } from '../output/style.ts'
import { openAccount, selectProject } from './account.ts'
import { ignoreEnvFile } from './git-ignore.ts'
import { readInventory } from './inventory.ts'
import { addScripts } from './package-scripts.ts'
import { type Proposal, proposeSections } from './proposals.ts'
import { type Ask, askAreas } from './questions.ts'

/** Options of `init`. */
interface InitOptions {
  readonly yes?: boolean
  readonly force?: boolean
}

/** Scripts that `init` adds to package.json. */
const scripts = { 'posthog:pull': 'typehog pull', 'posthog:check': 'typehog check' }

const listFormat = new Intl.ListFormat('en-US')

/** Adds `typehog init`. */
export function addInitCommand(program: Command, run: RunCommand): void {
  program
    .command('init')
    .description('write typehog.config.json by what the project has, and add scripts to package.json')
    .option('--yes', 'ask no questions; without a terminal, there are none')
    .option('--force', 'replace an existing typehog.config.json')
    .action((options: InitOptions, command: Command) => run(command, (context) => init(context, options)))
}

/** `typehog init`: writes the configuration file. Reports an existing one instead. */
async function init(context: Context, options: InitOptions): Promise<ExitCode> {
  const { cwd, signal } = context.io
  const path = resolve(cwd, context.options.config ?? jsonConfigFile)
  const existing = await findConfig(cwd, context.options.config)
  const isThere = existing !== undefined && (await readFileIfExists(existing)) !== undefined
  if (isThere && options.force !== true) return reportExisting(context)
  assertWritable(context, path, existing)
  // Host and project of the file that is replaced still count, if it is valid.
  await readConfig(context).catch(() => ignoreConfig(context))
  const account = await openAccount(context)
  const { profile } = await readSettings(context)
  const ask = interactive(context, options)
  const projectId = await selectProject(context, account, ask)
  const client = account.client.project(projectId)
  const inventory = await readInventory(client, signal)
  const proposals = await proposeSections(inventory, dirname(path))
  const chosen =
    ask === undefined ? proposals.filter(({ selected }) => selected) : await askAreas(context, ask, proposals)
  signal.throwIfAborted()
  const files = await prepareFiles(path, renderConfig(account.host, projectId, chosen))
  await replaceFiles(files.all)
  const missingScopes = [...new Set([...inventory.unreadable.values()].flat())]
  const keyPlace = profile === undefined ? '.env.local' : `the profile "${profile.name}"`
  report(context, { path, files, chosen, host: account.host, projectId, missingScopes, keyPlace })
  return exitCodes.ok
}

/** The prompt, on a terminal and unless `--yes` or `--json` is set. */
function interactive({ io, options }: Context, { yes }: InitOptions): Ask | undefined {
  const isTerminal = io.isTTY.stdin === true && io.isTTY.stderr
  return yes === true || options.json === true || isCi(io.env) || !isTerminal ? undefined : io.prompt
}

async function reportExisting(context: Context): Promise<ExitCode> {
  const loaded = await readConfig(context)
  const { file = jsonConfigFile, config = {} } = loaded ?? {}
  const areas = configuredAreas(config).map(({ name }) => name)
  const { host = null, projectId = null } = config
  if (context.options.json === true) {
    context.printJson({ config: file, written: false, host, projectId, areas })
    return exitCodes.ok
  }
  const project = `${host ?? 'the default host'}, project ${projectId ?? 'of the environment'}`
  context.print(`${file} exists: ${project}; areas: ${areas.join(', ') || 'none'}.`)
  context.print('Run `typehog pull`, edit the file, or replace it with `typehog init --force`.')
  return exitCodes.ok
}

/** `init` writes JSON. Beside a configuration module, it would be a second configuration. */
function assertWritable(context: Context, path: string, existing: string | undefined): void {
  const { config } = context.options
  if (!path.endsWith('.json')) {
    throw new UsageError(
      `Expected --config to be a .json file, got ${config}.`,
      `Pass a name such as ${jsonConfigFile}.`,
    )
  }
  if (existing === undefined || existing === path || dirname(existing) !== dirname(path)) return
  const file = relative(context.io.cwd, existing)
  throw new UsageError(`${file} exists, and a folder has one configuration.`, `Edit ${file}, or remove it.`)
}

function renderConfig(host: string, projectId: string, chosen: readonly Proposal[]): string {
  const sections = chosen.map(({ area, section }) => [area, section])
  const config = {
    $schema: `./node_modules/typehog/dist/${jsonSchemaFile}`,
    host,
    projectId: Number(projectId),
    ...Object.fromEntries(sections),
  }
  return `${JSON.stringify(config, undefined, 2)}\n`
}

/** The files that `init` writes. */
interface InitFiles {
  readonly all: readonly FileContent[]
  /** Names of the scripts that are added to package.json. */
  readonly scripts: readonly string[]
  readonly ignored: boolean
}

async function prepareFiles(path: string, text: string): Promise<InitFiles> {
  const folder = dirname(path)
  const manifestPath = join(folder, 'package.json')
  const ignorePath = join(folder, '.gitignore')
  const manifest = addScripts((await readFileIfExists(manifestPath)) ?? '', scripts)
  const ignore = await readFileIfExists(ignorePath)
  const ignoring = ignore === undefined ? undefined : ignoreEnvFile(ignore)
  const added = manifest?.added ?? []
  return {
    all: [
      { path, text },
      ...(manifest === undefined || added.length === 0 ? [] : [{ path: manifestPath, text: manifest.text }]),
      ...(ignoring === undefined ? [] : [{ path: ignorePath, text: ignoring }]),
    ],
    scripts: added,
    ignored: ignoring !== undefined,
  }
}

interface InitReport {
  readonly path: string
  readonly files: InitFiles
  readonly chosen: readonly Proposal[]
  readonly host: string
  readonly projectId: string
  readonly missingScopes: readonly string[]
  /** Where the key is, such as `.env.local`. */
  readonly keyPlace: string
}

function report(context: Context, result: InitReport): void {
  const { path, files, chosen, host, projectId, missingScopes, keyPlace } = result
  const config = relative(context.io.cwd, path)
  const areas = chosen.map(({ area }) => area)
  const written = files.all.map((file) => relative(context.io.cwd, file.path))
  if (context.options.json === true) {
    const { scripts, ignored } = files
    context.printJson({
      config,
      written: true,
      host,
      projectId: Number(projectId),
      areas,
      files: written,
      scripts,
      ignored,
      missingScopes,
    })
    return
  }
  context.print(style.green(`Wrote ${config}: ${host}, project ${projectId}.`))
  for (const { area, detail } of chosen) context.print(`  ${area}: ${detail}`)
  if (areas.length === 0) context.print('  no areas: add one, such as "endpoints": {}')
  if (files.scripts.length > 0) context.print(`Added ${files.scripts.join(' and ')} to package.json.`)
  if (files.ignored) context.print('Added .env.local to .gitignore.')
  if (missingScopes.length > 0) {
    context.print(`The key cannot read everything. It lacks: ${missingScopes.join(', ')}.`)
  }
  if (context.options.quiet === true) return
  const generated = areas.length > 0 ? ['the modules and lock files of the pull'] : []
  context.print(`Commit ${listFormat.format([...written, ...generated])}. The key stays in ${keyPlace}.`)
  if (areas.length > 0) context.print([style.bold('Next:'), ' npx typehog pull'])
}
