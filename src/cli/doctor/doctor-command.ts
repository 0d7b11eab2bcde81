import { type ExitCode, exitCodes } from '../cli-io.ts'
import { readSettings } from '../config/settings.ts'
import { type Connection, connect } from '../connect.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { type Line, type Style, style } from '../output/style.ts'
import { formatCount } from '../output/text.ts'
import { type ConformanceOptions, conformance } from './conformance-command.ts'
import { describeSources, type Finding, type FindingState, problem, requiredScopes } from './findings.ts'
import { findRoutes } from './routes.ts'
import { runChecks } from './run-checks.ts'

/** Options of `doctor`. */
export interface DoctorOptions extends ConformanceOptions {
  readonly operation?: readonly string[]
  /** Whether to test the facts about PostHog instead of the setup. */
  readonly conformance?: boolean
}

const labels: Readonly<Record<FindingState, readonly [label: string, color: keyof Style]>> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  problem: ['PROBLEM', 'red'],
  unknown: ['unknown', 'dim'],
}
/** Terminal cells of the two columns before the message. */
const [labelWidth, checkWidth] = [8, 8]

/** `typehog doctor`: checks the setup and suggests fixes. Exits with 3 when a check fails. */
export async function doctor(context: Context, options: DoctorOptions): Promise<ExitCode> {
  if (options.conformance === true) return conformance(context, options)
  if (options.write !== undefined || options.only !== undefined) {
    throw new UsageError('--write and --only are options of doctor --conformance.', 'Add --conformance.')
  }
  const { operation = [] } = options
  const scopes = requiredScopes(await findRoutes(operation))
  const findings: Finding[] = []
  const report = (finding: Finding): void => {
    findings.push(finding)
    if (context.options.json !== true) context.print(...renderFinding(finding))
  }
  let connection: Connection | undefined
  try {
    connection = await connect(context)
    report(describeSources(await readSettings(context)))
  } catch (error) {
    report(problem('setup', error, context.flags))
  }
  if (connection !== undefined) {
    for await (const finding of runChecks({ ...connection, scopes, context })) {
      context.io.signal.throwIfAborted()
      report(finding)
    }
  }
  if (context.options.json === true) context.printJson(findings)
  const problems = findings.filter(({ state }) => state === 'problem').length
  context.note(problems === 0 ? 'No problems found.' : `${formatCount(problems, 'problem')} found.`)
  return problems === 0 ? exitCodes.ok : exitCodes.failure
}

function renderFinding({ state, check, message, fix }: Finding): Line[] {
  const [label, color] = labels[state]
  const indent = ' '.repeat(labelWidth + checkWidth)
  return [
    [style[color](label.padEnd(labelWidth)), `${check.padEnd(checkWidth)}${message}`],
    ...(fix === undefined ? [] : [[indent, style.bold('Fix:'), ` ${fix}`]]),
  ]
}
