import type { Change, Grade } from '../../codegen/change.ts'
import { type Line, style } from './style.ts'

const symbols: Readonly<Record<Grade, string>> = { breaking: '✗', risky: '!', safe: '·' }
const gradeStyles = { breaking: style.red, risky: style.yellow, safe: style.dim }
const worstFirst: readonly Grade[] = ['breaking', 'risky', 'safe']

/** Renders changes as lines, breaking ones first. With `quiet`, renders breaking ones only. */
export function renderGradedChanges(changes: readonly Change[], quiet: boolean): Line[] {
  return worstFirst
    .filter((grade) => !quiet || grade === 'breaking')
    .flatMap((grade) => changes.filter((change) => change.grade === grade).flatMap(renderChange))
}

function renderChange({ grade, subject, message, fix }: Change): Line[] {
  return [
    [gradeStyles[grade](`${symbols[grade]} ${grade.padEnd(8)}`), '  ', style.bold(subject), `: ${message}`],
    ...(fix === undefined ? [] : [style.dim(`            ${fix}`)]),
  ]
}
