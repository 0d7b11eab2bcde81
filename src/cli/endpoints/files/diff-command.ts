import { planPush } from '../../../codegen/endpoint-files/plan.ts'
import type { AreaReport } from '../../area-report.ts'
import { exitCodes } from '../../cli-io.ts'
import type { Context } from '../../context.ts'
import { type Line, style } from '../../output/style.ts'
import { formatCount } from '../../output/text.ts'
import { countDifferences, planToJson, renderPlan } from './plan-report.ts'
import { failOnProblems, readEndpointFiles } from './read-files.ts'
import { readProject } from './read-project.ts'

/** Options of `endpoints diff`. */
export interface DiffOptions {
  readonly verbose?: boolean
}

/** `typehog endpoints diff`: compares endpoint files with PostHog. Writes nothing. */
export async function diffEndpoints(
  context: Context,
  paths: readonly string[],
  { verbose = false }: DiffOptions,
): Promise<AreaReport> {
  const files = await readEndpointFiles(context, paths)
  const project = await readProject(context, { files })
  const plan = planPush(files, project, false)
  failOnProblems(context, plan.problems)
  const { NEW, CHANGED, SAME, GONE } = countDifferences(plan)
  const differs = NEW + CHANGED + GONE > 0
  const { host, projectId } = project.connection
  const summary: Line = differs
    ? `${NEW} new, ${CHANGED} changed, ${SAME} same, ${GONE} gone`
    : style.green(`✓ ${formatCount(SAME, 'endpoint')}: no differences.`)
  return {
    exitCode: differs ? exitCodes.drift : exitCodes.ok,
    json: { ok: !differs, host, projectId, ...planToJson(plan) },
    lines: [...renderPlan(plan, verbose), ...(context.options.quiet === true ? [] : [summary])],
  }
}
