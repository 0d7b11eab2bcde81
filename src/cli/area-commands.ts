import type { Command } from 'commander'
import type { AreaReport } from './area-report.ts'
import { type Area, areas, configuredAreas } from './areas.ts'
import { type ExitCode, exitCodes } from './cli-io.ts'
import { jsonConfigFile } from './config/find-config.ts'
import { readConfig } from './config/read-config.ts'
import type { Context, RunCommand } from './context.ts'
import { describeError, renderError, suggestName, UsageError } from './errors.ts'
import { flagsIn } from './library-fixes.ts'
import { splitNames } from './options.ts'
import { type Line, style } from './output/style.ts'

/** Options of `pull` and `check`. */
interface AreaOptions {
  readonly only?: readonly string[]
}

/** Adds `typehog pull` and `typehog check`. */
export function addAreaCommands(program: Command, run: RunCommand): void {
  const names = areas.map(({ name }) => name).join(', ')
  const add = (action: 'pull' | 'check', description: string): void => {
    program
      .command(action)
      .description(description)
      .option('--only <areas>', `areas of the configuration file, separated by commas: ${names}`, splitNames)
      .action((options: AreaOptions, command: Command) =>
        run(command, (context) => runAreas(context, action, options)),
      )
  }
  add('pull', 'write the modules and lock files of all configured areas')
  add('check', 'check all configured areas; exits with 1 on breaking changes')
}

/**
 * Pulls or checks areas concurrently, with one client. A failure of one area does not stop the others. Returns the
 * highest exit code.
 */
async function runAreas(
  context: Context,
  action: 'pull' | 'check',
  { only }: AreaOptions,
): Promise<ExitCode> {
  const loaded = await readConfig(context)
  if (loaded === undefined) {
    throw new UsageError(
      `There is no ${jsonConfigFile} in ${context.io.cwd} and the folders above it in the repository.`,
      'Run `typehog init`, or pass --config <file>.',
    )
  }
  const { config, file } = loaded
  const selected = selectAreas(configuredAreas(config), only, file)
  const results = await Promise.all(
    selected.map(async (area): Promise<AreaResult> => {
      const report = await area[action](context, config).catch((error) =>
        failedReport(context, `typehog ${area.name} ${action}`, error),
      )
      return { name: area.name, report }
    }),
  )
  context.io.signal.throwIfAborted()
  const [exitCode = exitCodes.ok] = results
    .map(({ report }) => report.exitCode)
    .sort((left, right) => right - left)
  if (context.options.json === true) {
    const json = results.map(({ name, report }) => [name, report.json])
    context.printJson({ ok: exitCode === exitCodes.ok, areas: Object.fromEntries(json) })
  } else context.print(...renderResults(results))
  return exitCode
}

/** Selects the areas of `--only`, or all. */
function selectAreas(configured: readonly Area[], only: readonly string[] | undefined, file: string): Area[] {
  const names = configured.map(({ name }) => name)
  if (only?.length === 0) throw new UsageError('--only names no area.', suggestName('', names))
  for (const name of only ?? []) {
    if (!areas.some((area) => area.name === name)) {
      const known = areas.map((area) => area.name)
      throw new UsageError(`There is no area "${name}".`, suggestName(name, known))
    }
    if (!names.some((configuredName) => configuredName === name)) {
      throw new UsageError(
        `${file} has no section "${name}".`,
        `Add one: "${name}": {} pulls it with the defaults.`,
      )
    }
  }
  if (configured.length === 0) {
    throw new UsageError(
      `${file} has no section to pull or check.`,
      'Add one, such as "endpoints": {}, or run `typehog init --force`.',
    )
  }
  return configured.filter(({ name }) => only === undefined || only.includes(name))
}

/** @param command the command of the area alone, which has more flags */
function failedReport({ flags, options }: Context, command: string, error: unknown): AreaReport {
  const described = describeError(error, flags)
  const isForeign = flagsIn(described.fix ?? '').some((flag) => !flags.has(flag))
  const report = isForeign ? { ...described, fix: `${described.fix} Flags of \`${command}\`.` } : described
  const { message, fix, exitCode } = report
  return {
    exitCode,
    json: { error: { message, fix: fix ?? null } },
    lines: renderError(report, error, options.debug === true),
  }
}

interface AreaResult {
  readonly name: string
  readonly report: AreaReport
}

/** Renders reports under headings, separated by empty lines. */
function renderResults(results: readonly AreaResult[]): Line[] {
  return results
    .filter(({ report }) => report.lines.length > 0)
    .flatMap(({ name, report }, index): Line[] => [
      ...(index === 0 ? [] : ['']),
      style.bold(name),
      ...report.lines,
    ])
}
