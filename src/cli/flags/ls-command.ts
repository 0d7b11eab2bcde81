import type { FeatureFlag } from '../../resources/feature-flags/flag.ts'
import { type ExitCode, exitCodes } from '../cli-io.ts'
import { connectWithPersonalKey } from '../connect.ts'
import type { Context } from '../context.ts'
import { renderTable } from '../output/table.ts'
import { conditionsOf, rolloutOf } from './conditions.ts'

/** Options of `flags ls`. */
export interface ListFlagsOptions {
  readonly active?: boolean
  readonly stale?: boolean
  readonly search?: string
}

/** A flag in the output of `flags ls`. */
interface FlagSummary {
  readonly key: string
  readonly id: number
  /** PostHog calls it name. */
  readonly name: string
  readonly active: boolean
  /** Percentage of each release condition. */
  readonly rollout: readonly number[]
  /** Keys of the variants; empty for a boolean flag. */
  readonly variants: readonly string[]
  /** ISO 8601; null if PostHog does not report it. */
  readonly updatedAt: string | null
}

const header = ['key', 'active', 'rollout', 'variants', 'updated']

/** `typehog flags ls`: lists the flags of the project, sorted by key. */
export async function listFlags(
  context: Context,
  { active = false, stale = false, search }: ListFlagsOptions,
): Promise<ExitCode> {
  const { client, projectId } = await connectWithPersonalKey(context, 'feature_flag:read')
  const state = stale ? ('STALE' as const) : active ? ('true' as const) : undefined
  const filters = {
    ...(state === undefined ? {} : { active: state }),
    ...(search === undefined ? {} : { search }),
  }
  const byKey = new Map<string, FlagSummary>()
  for await (const flag of client.featureFlags.list(filters, { signal: context.io.signal })) {
    byKey.set(flag.key, summarize(flag))
  }
  const flags = [...byKey.values()].sort((left, right) => (left.key < right.key ? -1 : 1))
  if (context.options.json === true) context.printJson(flags)
  else if (flags.length > 0) {
    context.print(...renderTable(header, flags.map(toRow), context.io.columns).split('\n'))
  } else if (Object.keys(filters).length > 0) context.note(`No feature flag of project ${projectId} matches.`)
  else context.note(`Project ${projectId} has no feature flags.`)
  return exitCodes.ok
}

function summarize(flag: FeatureFlag): FlagSummary {
  const { key, id, name = '', active = false, filters, updated_at: updatedAt } = flag
  return {
    key,
    id,
    name,
    active,
    rollout: conditionsOf(flag).map(rolloutOf),
    variants: filters.multivariate?.variants.map((variant) => variant.key) ?? [],
    updatedAt: updatedAt ?? null,
  }
}

function toRow({ key, active, rollout, variants, updatedAt }: FlagSummary): unknown[] {
  const percentages = rollout.map((percentage) => `${percentage}%`).join(', ')
  const updated = updatedAt?.slice(0, 16).replace('T', ' ')
  return [key, active ? 'yes' : 'no', percentages, variants.join(', '), updated]
}
