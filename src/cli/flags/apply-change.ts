import { type ExitCode, exitCodes } from '../cli-io.ts'
import { confirm } from '../confirm.ts'
import type { Connection } from '../connect.ts'
import type { Context } from '../context.ts'
import { type Line, style } from '../output/style.ts'

/** Options of commands that change a flag. */
export interface ChangeOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/** A change of one value of a flag. */
interface FlagChange {
  readonly key: string
  /** The value, such as `active` or `rollout`. */
  readonly field: string
  /** Whom the value is for, such as `of everyone`. */
  readonly of?: string
  readonly from: string
  readonly to: string
  /** The change in the output of `--json`. */
  readonly json: Readonly<Record<string, unknown>>
  /** Makes the change. */
  write(): Promise<unknown>
}

/**
 * Shows a change, asks for a confirmation and makes it. `--yes` asks nothing, and a dry run makes no change.
 *
 * @throws UsageError without a terminal and without `--yes`
 */
export async function applyChange(
  context: Context,
  { host, projectId }: Connection,
  change: FlagChange,
  { yes = false, dryRun = false }: ChangeOptions,
): Promise<ExitCode> {
  const { key, field, of, from, to } = change
  const summary = `${key}: ${field} ${from} -> ${to}${of === undefined ? '' : ` ${of}`}`
  const report = (changed: boolean, line: Line): ExitCode => {
    const { json } = change
    if (context.options.json === true) context.printJson({ ok: true, dryRun, changed, key, ...json })
    else context.print(line)
    return exitCodes.ok
  }
  if (from === to) return report(false, `${key}: ${field} is already ${to}. Nothing was changed.`)
  if (dryRun) return report(false, `${summary} (dry run: nothing was changed)`)
  if (!yes) {
    if (context.options.json !== true) context.print(summary)
    const isConfirmed = await confirm(context, `Apply to project ${projectId} on ${host}?`)
    if (!isConfirmed) return report(false, 'Nothing was changed.')
  }
  await change.write()
  return report(true, [style.green('✓'), ` ${summary}`])
}
