import type { SourceProblem } from '../../codegen/queries/source-problem.ts'
import { formatPlace } from '../../codegen/source-place.ts'
import { byCodeUnit } from '../../codegen/source-text.ts'
import type { AreaReport } from '../area-report.ts'
import type { ExitCode } from '../cli-io.ts'
import { type Line, style } from '../output/style.ts'
import { formatCount } from '../output/text.ts'

/** Renders problems as lines: the place, what happened, the line of the text with a caret, and the fix. */
function renderProblems(problems: readonly SourceProblem[]): Line[] {
  return problems.flatMap((problem): Line[] => [
    [style.bold(formatPlace(problem)), ': ', style.red(problem.message)],
    ...problem.frame.map((line) => style.dim(`    ${line.replaceAll('\t', '  ')}`)),
    ...(problem.fix === undefined ? [] : [`  ${problem.fix}`]),
  ])
}

/** Sorts problems by file, line and column. */
function sortProblems(problems: readonly SourceProblem[]): SourceProblem[] {
  return [...problems].sort((a, b) => byCodeUnit(a.path, b.path) || a.line - b.line || a.column - b.column)
}

/**
 * The report of a command that problems in query files prevent.
 *
 * @param exitCode usage, if the files are wrong by themselves; failure, if PostHog rejects their queries
 * @param outcome what the command did not do
 */
export function problemReport(
  problems: readonly SourceProblem[],
  exitCode: ExitCode,
  outcome: string,
): AreaReport {
  const sorted = sortProblems(problems)
  return {
    exitCode,
    json: { ok: false, problems: sorted },
    lines: [...renderProblems(sorted), style.red(`${formatCount(sorted.length, 'problem')}. ${outcome}`)],
  }
}
