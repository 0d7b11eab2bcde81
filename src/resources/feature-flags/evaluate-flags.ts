import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { requireList, requireText } from '../check-arguments.ts'
import { publicToken } from '../project-facts.ts'
import type { CallOptions, Requester } from '../requester.ts'

/** The person and groups to evaluate flags for. */
export interface FlagEvaluationRequest {
  readonly distinctId: string
  /** Group keys by group type. */
  readonly groups?: Readonly<Record<string, string>> | undefined
  /** Person properties that override those in PostHog. */
  readonly personProperties?: Readonly<Record<string, unknown>> | undefined
  /** Group properties by group type, which override those in PostHog. */
  readonly groupProperties?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
  /** Keys of the flags to evaluate. Default: all. */
  readonly keys?: readonly string[] | undefined
}

/** Options of `featureFlags.evaluate`. */
export interface EvaluateOptions extends CallOptions {
  /** Public token of the project. Default: Typehog reads it from PostHog and caches it. */
  readonly token?: string | undefined
}

/** The evaluation of one flag. */
export interface FlagValue {
  readonly enabled: boolean
  readonly variant: string | undefined
  /** Parsed if it is valid JSON, else the string. */
  readonly payload: unknown
  /** Reason code, such as `condition_match`. */
  readonly reason: string | undefined
}

/** The evaluations of several flags. */
export interface FlagEvaluations {
  readonly flags: Readonly<Record<string, FlagValue>>
  /** False if PostHog could not evaluate all flags. A missing flag is then unknown, not off. */
  readonly complete: boolean
  /** Why flags are missing: evaluation errors, or a billing limit. */
  readonly incomplete: 'errors' | 'quota' | undefined
}

const evaluationNames: OptionNames<FlagEvaluationRequest> = {
  distinctId: true,
  groups: true,
  personProperties: true,
  groupProperties: true,
  keys: true,
}

/** Evaluates flags through the route that PostHog's SDKs use. */
export async function evaluateFlags(
  api: Requester,
  request: FlagEvaluationRequest,
  { token, ...options }: EvaluateOptions = {},
): Promise<FlagEvaluations> {
  rejectUnknownOptions('featureFlags.evaluate', request, evaluationNames)
  const { distinctId, groups, personProperties, groupProperties, keys } = Object(
    request,
  ) as FlagEvaluationRequest
  requireText('distinctId', distinctId)
  if (keys !== undefined) requireList('keys', keys)
  const body = {
    token: await publicToken(api, token, options),
    distinct_id: distinctId,
    // Node's fetch sends `sec-fetch-mode`. PostHog then detects a browser and omits server-only flags
    // (PostHog/posthog rust/feature-flags/src/handler/flags.rs).
    evaluation_runtime: 'server' as const,
    ...(groups === undefined ? {} : { groups }),
    ...(personProperties === undefined ? {} : { person_properties: personProperties }),
    ...(groupProperties === undefined ? {} : { group_properties: groupProperties }),
    ...(keys === undefined ? {} : { flag_keys_to_evaluate: [...keys] }),
  }
  const response = await api.request('POST /flags/', { query: { v: 2 }, body }, options)
  // Over a billing limit, the response may have no flags.
  const all = Object.entries(response.flags ?? {})
  const entries = all.filter(([, { failed }]) => failed !== true)
  const quota = response.quotaLimited?.includes('feature_flags') === true
  const errors = response.errorsWhileComputingFlags === true || entries.length < all.length
  return {
    flags: Object.fromEntries(
      entries.map(([key, { enabled, variant, metadata, reason }]) => {
        const payload = parsePayload(metadata?.payload)
        return [key, { enabled, variant: variant ?? undefined, payload, reason: reason?.code }]
      }),
    ),
    complete: !quota && !errors,
    incomplete: quota ? 'quota' : errors ? 'errors' : undefined,
  }
}

function parsePayload(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
