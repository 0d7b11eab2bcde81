import { type Connection, connect } from '../connect.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type Line, type Style, style } from '../output/style.ts'
import { needsOf } from './check-scopes.ts'
import { examine } from './examine.ts'
import { type Finding, type FindingState, problem } from './finding.ts'

/** Options of `doctor`. */
export interface DoctorOptions {
  readonly operation?: readonly string[]
}

const marks: Readonly<Record<FindingState, readonly [mark: string, color: keyof Style]>> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  problem: ['PROBLEM', 'red'],
  unknown: ['unknown', 'dim'],
}
/** Cells of the longest mark and check, and a space. */
const [markWidth, checkWidth] = [8, 8]

/** `typehog doctor`: what is wrong with the setup, and the fix. Ends with 3 when something is. */
export async function doctor(context: Context, { operation = [] }: DoctorOptions): Promise<ExitCode> {
  const needs = needsOf(operation)
  const findings: Finding[] = []
  const tell = (finding: Finding): void => {
    findings.push(finding)
    if (context.options.json !== true) context.print(...linesOf(finding))
  }
  let connection: Connection | undefined
  try {
    connection = await connect(context)
  } catch (error) {
    tell(problem('setup', error))
  }
  if (connection !== undefined) {
    const { signal } = context.io
    for await (const finding of examine({ ...connection, needs, signal })) {
      signal.throwIfAborted()
      tell(finding)
    }
  }
  if (context.options.json === true) context.printJson(findings)
  const problems = findings.filter(({ state }) => state === 'problem').length
  context.note(
    problems === 0 ? 'Nothing is wrong.' : `${problems} ${problems === 1 ? 'problem' : 'problems'}.`,
  )
  return problems === 0 ? exitCodes.ok : exitCodes.failure
}

function linesOf({ state, check, message, fix }: Finding): Line[] {
  const [mark, color] = marks[state]
  const indent = ' '.repeat(markWidth + checkWidth)
  return [
    [style[color](mark.padEnd(markWidth)), `${check.padEnd(checkWidth)}${message}`],
    ...(fix === undefined ? [] : [[indent, style.bold('Fix:'), ` ${fix}`]]),
  ]
}
