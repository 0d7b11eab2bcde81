import type { Change } from '../../codegen/endpoints/compare-lock.ts'
import type { ModuleFiles } from '../files.ts'
import { type Line, style } from '../output/style.ts'

/** `differs`: not what a pull would write now. `unknown`: the server changed, so that cannot be told. */
export type ModuleState = 'current' | 'differs' | 'missing' | 'unknown'

/** What a check found. */
export interface CheckResult {
  readonly changes: readonly Change[]
  readonly module: ModuleState
  /** How many endpoints are locked. */
  readonly endpoints: number
  readonly files: Pick<ModuleFiles, 'module' | 'lock'>
  /** Only what breaks. */
  readonly quiet: boolean
}

type Grade = Change['grade']

/** How many findings have each grade; a module that is missing breaks, one that differs is a risk. */
export function countChanges(changes: readonly Change[], module: ModuleState): Record<Grade, number> {
  const counts: Record<Grade, number> = {
    breaking: module === 'missing' ? 1 : 0,
    risky: module === 'differs' ? 1 : 0,
    safe: 0,
  }
  for (const { grade } of changes) counts[grade] += 1
  return counts
}

const marks: Readonly<Record<Grade, string>> = { breaking: '✗', risky: '!', safe: '·' }
const order: readonly Grade[] = ['breaking', 'risky', 'safe']

/** A check as lines of text, the worst first. */
export function renderCheck(result: CheckResult): Line[] {
  const { changes, module, endpoints, files, quiet } = result
  const paint = { breaking: style.red, risky: style.yellow, safe: style.dim }
  const line = (grade: Grade, subject: string, message: string, fix: string | undefined): Line[] => [
    [paint[grade](`${marks[grade]} ${grade.padEnd(8)}`), '  ', style.bold(subject), `: ${message}`],
    ...(fix === undefined ? [] : [style.dim(`            ${fix}`)]),
  ]
  const pull = 'Run `typehog endpoints pull`.'
  const lines = order
    .filter((grade) => !quiet || grade === 'breaking')
    .flatMap((grade) => [
      ...(grade === 'breaking' && module === 'missing'
        ? line(grade, files.module, 'the module is missing.', pull)
        : []),
      ...changes
        .filter((change) => change.grade === grade)
        .flatMap(({ endpoint, message, fix }) => line(grade, endpoint, message, fix)),
      ...(grade === 'risky' && module === 'differs'
        ? line(grade, files.module, 'it was edited, or written by another version of typehog.', pull)
        : []),
    ])
  if (quiet) return lines
  const { breaking, risky, safe } = countChanges(changes, module)
  const of = `${endpoints} ${endpoints === 1 ? 'endpoint' : 'endpoints'}`
  const verdict =
    lines.length === 0
      ? style.green(`✓ ${of} in ${files.lock}: nothing changed.`)
      : `${breaking} breaking, ${risky} risky, ${safe} safe in ${of}`
  return [...lines, verdict]
}
