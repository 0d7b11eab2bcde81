import { type OptionNames, refuseUnknown } from '../../runtime/config/check-options.ts'
import { requireList, requireText } from '../check-arguments.ts'
import { publicToken } from '../project-facts.ts'
import type { CallOptions, Requester } from '../requester.ts'

/** For whom flags are evaluated. */
export interface FlagEvaluationFor {
  readonly distinctId: string
  /** Kind of group to key. */
  readonly groups?: Readonly<Record<string, string>> | undefined
  /** Properties that count in place of those that PostHog has. */
  readonly personProperties?: Readonly<Record<string, unknown>> | undefined
  readonly groupProperties?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
  /** Only these flags. Default: all. */
  readonly keys?: readonly string[] | undefined
}

/** Options of an evaluation. */
export interface EvaluateOptions extends CallOptions {
  /** The project's public token. Default: the client's project is asked for it, once. */
  readonly token?: string | undefined
}

/** What a flag is for somebody. */
export interface FlagValue {
  readonly enabled: boolean
  readonly variant: string | undefined
  /** As JSON, if it is JSON. */
  readonly payload: unknown
  /** Such as `condition_match`. */
  readonly reason: string | undefined
}

/** What flags are for somebody. */
export interface FlagEvaluations {
  readonly flags: Readonly<Record<string, FlagValue>>
  /** False when PostHog could not evaluate all of them: what is missing then is not known, and not off. */
  readonly complete: boolean
  /** Why not: a fault of PostHog's, or a billing limit. */
  readonly incomplete: 'errors' | 'quota' | undefined
}

const evaluationNames: OptionNames<FlagEvaluationFor> = {
  distinctId: true,
  groups: true,
  personProperties: true,
  groupProperties: true,
  keys: true,
}

/** Evaluates flags as PostHog does for its SDKs. */
export async function evaluateFlags(
  api: Requester,
  whom: FlagEvaluationFor,
  { token, ...options }: EvaluateOptions = {},
): Promise<FlagEvaluations> {
  refuseUnknown('featureFlags.evaluate', whom, evaluationNames)
  const { distinctId, groups, personProperties, groupProperties, keys } = Object(whom) as FlagEvaluationFor
  requireText('distinctId', distinctId)
  if (keys !== undefined) requireList('keys', keys)
  const body = {
    token: await publicToken(api, token, options),
    distinct_id: distinctId,
    // Node's fetch sends `sec-fetch-mode`, by which PostHog takes the caller for a browser and leaves out flags that are
    // for servers only (PostHog/posthog rust/feature-flags/src/handler/flags.rs).
    evaluation_runtime: 'server' as const,
    ...(groups === undefined ? {} : { groups }),
    ...(personProperties === undefined ? {} : { person_properties: personProperties }),
    ...(groupProperties === undefined ? {} : { group_properties: groupProperties }),
    ...(keys === undefined ? {} : { flag_keys_to_evaluate: [...keys] }),
  }
  const answer = await api.request('POST /flags/', { query: { v: 2 }, body }, options)
  // Held back by a billing limit, an answer may go without.
  const all = Object.entries(answer.flags ?? {})
  const entries = all.filter(([, { failed }]) => failed !== true)
  const quota = answer.quotaLimited?.includes('feature_flags') === true
  const errors = answer.errorsWhileComputingFlags === true || entries.length < all.length
  return {
    flags: Object.fromEntries(
      entries.map(([key, { enabled, variant, metadata, reason }]) => {
        const payload = payloadOf(metadata?.payload)
        return [key, { enabled, variant: variant ?? undefined, payload, reason: reason?.code }]
      }),
    ),
    complete: !quota && !errors,
    incomplete: quota ? 'quota' : errors ? 'errors' : undefined,
  }
}

function payloadOf(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
