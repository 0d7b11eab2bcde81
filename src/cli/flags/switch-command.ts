import type { ExitCode } from '../cli-io.ts'
import { assertFixedProject, connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { applyChange, type ChangeOptions } from './apply-change.ts'
import { findFlag } from './find-flag.ts'

/** `typehog flags enable` and `typehog flags disable`. PostHog changes only this field of the flag. */
export async function switchFlag(
  context: Context,
  key: string,
  active: boolean,
  options: ChangeOptions,
): Promise<ExitCode> {
  const { signal } = context.io
  const connection = await connectWithPersonalKey(context, 'feature_flag:write')
  assertFixedProject(connection)
  const flag = await findFlag(connection, key, signal)
  const { featureFlags } = connection.client
  const before = flag.active === true
  const name = (isActive: boolean): string => (isActive ? 'yes' : 'no')
  const change = {
    key,
    field: 'active',
    from: name(before),
    to: name(active),
    json: { field: 'active', from: before, to: active },
    // By id: someone may rename the flag before the user confirms.
    write: () =>
      active ? featureFlags.enable(flag.id, { signal }) : featureFlags.disable(flag.id, { signal }),
  }
  return applyChange(context, connection, change, options)
}
