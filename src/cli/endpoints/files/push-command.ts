import { type Plan, planPush } from '../../../codegen/endpoint-files/plan.ts'
import { type ExitCode, exitCodes } from '../../cli-io.ts'
import { confirm } from '../../confirm.ts'
import { assertFixedProject } from '../../connect.ts'
import type { Context } from '../../context.ts'
import { describeError, UsageError } from '../../errors.ts'
import { assertGeneratedModule, moduleFiles, readFileIfExists } from '../../module-files.ts'
import { type Line, style } from '../../output/style.ts'
import { formatCount } from '../../output/text.ts'
import { countDifferences, planToJson, printLines, renderPlan } from './plan-report.ts'
import { assertMaterializable, type PushStep, type PushSteps, pushSteps } from './push-steps.ts'
import { failOnProblems, readEndpointFiles } from './read-files.ts'
import { type ProjectState, readProject, recordPushed } from './read-project.ts'
import { outdatedPins, type Pin, repin } from './repin.ts'

/** Options of `endpoints push`. */
export interface PushOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly prune?: boolean
  /** The generated module whose versions follow. */
  readonly out: string
  readonly lock?: string
}

/**
 * `typehog endpoints push`: creates and updates endpoints from files. Checks all files before the first write. A second
 * run continues after a failure, as endpoints without differences are left alone.
 */
export async function pushEndpoints(
  context: Context,
  paths: readonly string[],
  options: PushOptions,
): Promise<ExitCode> {
  const { dryRun = false, prune = false, yes = false } = options
  const files = await readEndpointFiles(context, paths)
  const module = moduleFiles(context.io.cwd, options)
  const project = await readProject(context, { files, module })
  assertFixedProject(project.connection)
  if (project.pinned.size > 0) {
    assertGeneratedModule(module, await readFileIfExists(module.modulePath), 'typehog endpoints pull')
  }
  const plan = planPush(files, project, prune)
  failOnProblems(context, plan.problems)
  await previewTables(project, plan)
  const { client, host, projectId } = project.connection
  const work = pushSteps(client, plan, project.variables, prune)
  const isUnchanged = work.steps.length === 0 && outdatedPins(plan, work.pushed, project.pinned).length === 0
  const printed = prune ? plan : { ...plan, gone: [] }
  const planLines = [...renderPlan(printed, false), summarize(plan, work.steps, prune)]
  // The plan is what --dry-run and the confirmation are for, also with --quiet.
  const isAsked = dryRun || !(yes || isUnchanged)
  if (isAsked && context.options.json !== true) context.print(...planLines)
  else printLines(context, planLines)
  if (dryRun) return report(context, plan, { dryRun, done: [], pins: [] }, 'Nothing was changed: --dry-run.')
  const isConfirmed =
    isUnchanged || yes || (await confirm(context, `Apply to project ${projectId} on ${host}?`))
  if (!isConfirmed) return report(context, plan, { dryRun, done: [], pins: [] }, 'Nothing was changed.')

  const { done, failure } = await runSteps(context, work)
  await recordPushed(context, project, work.pushed)
  if (failure !== undefined) return reportFailure(context, plan, work.steps, done, failure)
  const pins = outdatedPins(plan, work.pushed, project.pinned)
  if (pins.length > 0) await repin(context, project, module, pins)
  return report(context, plan, { dryRun, done, pins })
}

/** Asks PostHog about tables of saved queries before anything is written. New queries are previewed once they are saved. */
async function previewTables({ connection: { client } }: ProjectState, { endpoints }: Plan): Promise<void> {
  for (const { file, state, changes } of endpoints) {
    const fields = changes.map(({ field }) => field)
    const hasSavedQuery = !fields.some((field) => field.startsWith('query') || field === 'variables')
    const starts = fields.includes('materialization') && file.definition.materialization?.enabled === true
    if (state !== undefined && hasSavedQuery && starts)
      await assertMaterializable(client.endpoints, state.name)
  }
}

function summarize(plan: Plan, steps: readonly PushStep[], prune: boolean): Line {
  const { NEW, CHANGED, SAME, GONE } = countDifferences(plan)
  if (steps.length === 0) {
    const same = style.green(`✓ ${formatCount(SAME, 'endpoint')}: no changes.`)
    return GONE === 0 ? same : [same, style.dim(goneNote(GONE))]
  }
  const counts = `${NEW} to create, ${CHANGED} to update, ${SAME} unchanged`
  if (GONE === 0) return counts
  return prune ? `${counts}, ${GONE} to retire` : [counts, style.dim(goneNote(GONE))]
}

function goneNote(count: number): string {
  const pushed = formatCount(count, 'pushed endpoint is', 'pushed endpoints are')
  return `  ${pushed} in no file: --prune retires ${count === 1 ? 'it' : 'them'}.`
}

interface Progress {
  /** Lines of the finished steps. */
  readonly done: string[]
  readonly failure?: unknown
}

/** Runs the steps in order. Stops at the first failure, or before the next step after Ctrl-C. */
async function runSteps(context: Context, { steps }: PushSteps): Promise<Progress> {
  const done: string[] = []
  try {
    for (const step of steps) {
      context.io.signal.throwIfAborted()
      const line = await step.run()
      done.push(line)
      printLines(context, [[style.green('✓'), ` ${line}`]])
    }
    return { done }
  } catch (failure) {
    return { done, failure }
  }
}

function reportFailure(
  context: Context,
  plan: Plan,
  steps: readonly PushStep[],
  done: readonly string[],
  failure: unknown,
): never {
  const notDone = steps.slice(done.length).map(({ label }) => label)
  const isInterrupted = context.io.signal.aborted
  const { message, fix } = describeError(failure, context.flags)
  if (context.options.json === true) {
    context.printJson({
      ok: false,
      ...planToJson(plan),
      done,
      notDone,
      error: isInterrupted ? 'Interrupted.' : message,
      fix,
    })
  } else {
    context.warn(`Done: ${done.length} of ${steps.length} steps. Not done:`)
    for (const label of notDone) context.warn(`  ${label}`)
    context.warn('Run the command again to continue: endpoints without differences are left alone.')
  }
  throw failure
}

interface Outcome {
  readonly dryRun: boolean
  readonly done: readonly string[]
  readonly pins: readonly Pin[]
}

function report(context: Context, plan: Plan, { dryRun, done, pins }: Outcome, note?: string): ExitCode {
  if (context.options.json === true) context.printJson({ ok: true, dryRun, ...planToJson(plan), done, pins })
  printLines(context, [
    ...pins.map(({ name, from, to }): Line => `pinned ${name}: v${from} -> v${to}`),
    ...(note === undefined ? [] : [note]),
  ])
  return exitCodes.ok
}

/** Rejects `--prune` together with paths: every endpoint in another file would be retired. */
export function assertPrunable(paths: readonly string[], prune: boolean): void {
  if (!prune || paths.length === 0) return
  throw new UsageError(
    '--prune needs all endpoint files, so it takes no paths.',
    'Omit the paths: `files` of the configuration, or else the folder `endpoints`, are the endpoint files.',
  )
}
