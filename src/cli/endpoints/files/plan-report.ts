import type { FieldChange } from '../../../codegen/endpoint-files/compare-definition.ts'
import { diffLines } from '../../../codegen/endpoint-files/line-diff.ts'
import type { Plan, PlannedEndpoint } from '../../../codegen/endpoint-files/plan.ts'
import type { Context } from '../../context.ts'
import { renderGradedChanges } from '../../output/graded-changes.ts'
import { type Line, style } from '../../output/style.ts'
import { formatCount } from '../../output/text.ts'

/** How an endpoint of a file differs from PostHog. */
export type Difference = 'NEW' | 'CHANGED' | 'SAME' | 'GONE'

/** Returns how a planned endpoint differs from PostHog. */
function differenceOf({ state, changes }: PlannedEndpoint): Difference {
  if (state === undefined) return 'NEW'
  return changes.length > 0 ? 'CHANGED' : 'SAME'
}

/** Counts the differences of a plan. */
export function countDifferences({ endpoints, gone }: Plan): Record<Difference, number> {
  const count = (difference: Difference): number =>
    endpoints.filter((endpoint) => differenceOf(endpoint) === difference).length
  return { NEW: count('NEW'), CHANGED: count('CHANGED'), SAME: count('SAME'), GONE: gone.length }
}

const labelStyles = { NEW: style.green, CHANGED: style.yellow, SAME: style.dim, GONE: style.red }

/**
 * Renders a plan as lines, with a line diff of each changed text.
 *
 * @param verbose also renders endpoints without changes
 */
export function renderPlan(plan: Plan, verbose: boolean): Line[] {
  const row = (difference: Difference, name: string, note: string): Line => [
    labelStyles[difference](difference.padEnd(8)),
    style.bold(name),
    style.dim(`  ${note}`),
  ]
  return [
    ...plan.variables.map(
      ({ name, type, default: initial }): Line => [
        style.green('NEW'.padEnd(8)),
        `SQL variable `,
        style.bold(name),
        style.dim(`  ${type}${initial === null ? '' : `, default ${JSON.stringify(initial)}`}`),
      ],
    ),
    ...plan.endpoints.flatMap((endpoint): Line[] => {
      const { file, state, changes } = endpoint
      const difference = differenceOf(endpoint)
      if (difference === 'SAME' && !verbose) return []
      const inactive = state?.isActive === false && !changes.some(({ field }) => field === 'active')
      return [
        row(difference, file.definition.name, file.file),
        ...(difference === 'NEW' ? renderNew(endpoint) : changes.flatMap(renderChange)),
        ...(inactive ? [style.dim(`${indent}It is inactive in PostHog, and stays so: runs fail.`)] : []),
      ]
    }),
    ...plan.gone.map(({ name, version }) => row('GONE', name, `version ${version}; no file names it`)),
    ...renderGradedChanges(plan.effects, false),
    ...(hasNewQueryOfPinned(plan)
      ? [style.dim('PostHog infers the columns of a changed query after the push.')]
      : []),
  ]
}

const indent = '        '

function renderNew({ file: { definition } }: PlannedEndpoint): Line[] {
  const { query, materialization } = definition
  const lines = (query.query ?? '').trimEnd().split('\n').length
  const size = formatCount(lines, 'line')
  const table =
    materialization?.enabled === true ? `, materialized ${materialization.schedule ?? ''}`.trimEnd() : ''
  return [style.dim(`${indent}${query.kind}${query.kind === 'HogQLQuery' ? ` of ${size}` : ''}${table}`)]
}

/** Number of unchanged lines around a change. */
const contextLines = 3

function renderChange({ field, from, to }: FieldChange): Line[] {
  const isText = field === 'query' || field === 'query_definition' || field === 'variables'
  if (!isText && !from.includes('\n') && !to.includes('\n')) {
    const show = (text: string): string => (text === '' ? '(empty)' : text)
    return [[indent, `${field}: `, style.red(show(from)), ' -> ', style.green(show(to))]]
  }
  const lines = diffLines(from, to)
  const isNear = (index: number): boolean =>
    lines
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some(({ kind }) => kind !== 'same')
  return [
    [indent, `${field}:`],
    ...lines.flatMap(({ kind, text }, index): Line[] => {
      if (!isNear(index)) return isNear(index - 1) || index === 0 ? [style.dim(`${indent}  …`)] : []
      if (kind === 'same') return [style.dim(`${indent}    ${text}`)]
      return [kind === 'removed' ? style.red(`${indent}  - ${text}`) : style.green(`${indent}  + ${text}`)]
    }),
  ]
}

function hasNewQueryOfPinned({ endpoints, effects }: Plan): boolean {
  const subjects = new Set(effects.map(({ subject }) => subject))
  return endpoints.some(
    ({ file, changes }) =>
      subjects.has(file.definition.name) && changes.some(({ field }) => field.startsWith('query')),
  )
}

/** The endpoints of a plan in reports of `--json`. */
export function planToJson(plan: Plan): Record<string, unknown> {
  return {
    counts: countDifferences(plan),
    variables: plan.variables,
    endpoints: plan.endpoints.map((endpoint) => ({
      name: endpoint.file.definition.name,
      file: endpoint.file.file,
      difference: differenceOf(endpoint),
      version: endpoint.state?.version ?? null,
      changes: endpoint.changes,
    })),
    gone: plan.gone.map(({ name, version }) => ({ name, version })),
    effects: plan.effects.map(({ subject, grade, message }) => ({ endpoint: subject, grade, message })),
  }
}

/** Prints lines, unless the command prints JSON or is quiet. */
export function printLines({ options, print }: Context, lines: readonly Line[]): void {
  if (options.json !== true && options.quiet !== true) print(...lines)
}
