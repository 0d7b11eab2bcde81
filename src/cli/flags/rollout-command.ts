import type { FeatureFlag } from '../../resources/feature-flags/flag.ts'
import { sameJson } from '../../resources/json-fields.ts'
import { ConflictError } from '../../runtime/errors/api-errors.ts'
import type { ExitCode } from '../cli-io.ts'
import { assertFixedProject, connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors.ts'
import { applyChange, type ChangeOptions } from './apply-change.ts'
import { conditionsOf, describeMatch, listConditions, rolloutOf } from './conditions.ts'
import { findFlag } from './find-flag.ts'

/** Options of `flags rollout`. */
export interface RolloutCommandOptions extends ChangeOptions {
  /** Number of the condition, from 1. */
  readonly condition?: number
}

/**
 * `typehog flags rollout`: sets the rollout percentage of one release condition. Concurrent changes to other fields are
 * preserved. If the conditions changed since they were shown, it changes nothing.
 */
export async function setFlagRollout(
  context: Context,
  key: string,
  to: number,
  { condition: number, ...options }: RolloutCommandOptions,
): Promise<ExitCode> {
  const { signal } = context.io
  const connection = await connectWithPersonalKey(context, 'feature_flag:write')
  assertFixedProject(connection)
  const flag = await findFlag(connection, key, signal)
  const index = chooseCondition(context, flag, number)
  const condition = conditionsOf(flag)[index]
  const from = condition === undefined ? undefined : rolloutOf(condition)
  const { featureFlags } = connection.client
  const change = {
    key,
    field: 'rollout',
    of: `of ${condition === undefined ? 'everyone' : describeMatch(condition)}`,
    from: from === undefined ? 'none' : `${from}%`,
    to: `${to}%`,
    json: { field: 'rollout', condition: index + 1, from: from ?? null, to },
    write: () =>
      featureFlags.edit(
        flag.id,
        (draft) => {
          // The edit runs again after a conflict, on the latest flag.
          if (!sameJson(conditionsOf(draft), conditionsOf(flag))) throw changedError(key)
          const groups = structuredClone([...conditionsOf(draft)])
          groups[index] = { properties: [], ...groups[index], rollout_percentage: to }
          draft.filters = { ...draft.filters, groups }
        },
        { signal },
      ),
  }
  return applyChange(context, connection, change, options)
}

/** The index of the condition to change. A flag without conditions gets its first one. */
function chooseCondition(context: Context, flag: FeatureFlag, number: number | undefined): number {
  const conditions = conditionsOf(flag)
  const isKnown = number === undefined ? conditions.length <= 1 : number <= Math.max(1, conditions.length)
  if (isKnown) return (number ?? 1) - 1
  for (const line of listConditions(conditions)) context.warn(line)
  if (number === undefined) {
    throw new UsageError(
      `The flag "${flag.key}" has ${conditions.length} release conditions.`,
      `Choose one with --condition, from 1 to ${conditions.length}.`,
    )
  }
  const { length } = conditions
  throw new UsageError(
    `The flag "${flag.key}" has no release condition ${number}.`,
    length > 1 ? `Pass --condition with a number from 1 to ${length}.` : 'Omit --condition.',
  )
}

function changedError(key: string): ConflictError {
  return new ConflictError({
    operation: 'PATCH /api/projects/{project_id}/feature_flags/{id}/',
    status: 409,
    message: `Someone else changed the release conditions of "${key}" meanwhile. Nothing was changed.`,
    fix: 'Run the command again to see the new conditions.',
  })
}
