import { type ExitCode, exitCodes } from '../cli-io.ts'
import { connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { type Line, style } from '../output/style.ts'
import { conditionsOf, listConditions } from './conditions.ts'
import { findFlag } from './find-flag.ts'

/** `typehog flags get`: prints a flag and its release conditions. `--json` prints all of it. */
export async function getFlag(context: Context, key: string): Promise<ExitCode> {
  const connection = await connectWithPersonalKey(context, 'feature_flag:read')
  const flag = await findFlag(connection, key, context.io.signal)
  if (context.options.json === true) {
    context.printJson(flag)
    return exitCodes.ok
  }
  const { id, name, active, filters, tags = [], updated_at: updatedAt, last_modified_by: editor } = flag
  const variants = filters.multivariate?.variants ?? []
  const conditions = conditionsOf(flag)
  const facts = [
    ['key', flag.key],
    ['name', name],
    ['active', active === true ? 'yes' : 'no'],
    ['variants', variants.map((variant) => `${variant.key} ${variant.rollout_percentage}%`).join(', ')],
    ['tags', tags.join(', ')],
    ['updated', `${updatedAt ?? ''}${editor == null ? '' : ` by ${editor.email}`}`.trim()],
    ['url', `${connection.host}/project/${connection.projectId}/feature_flags/${id}`],
  ]
  context.print(
    ...facts.flatMap(([label = '', value = '']): Line[] =>
      value === '' ? [] : [[style.bold(label.padEnd(10)), value]],
    ),
    conditions.length === 0 ? 'No release conditions.' : style.bold('conditions'),
    ...listConditions(conditions),
  )
  return exitCodes.ok
}
