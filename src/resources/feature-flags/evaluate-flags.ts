import { type OptionNames, rejectUnknownOptions } from '../../runtime/config/check-options.ts'
import { requireList, requireText } from '../check-arguments.ts'
import { publicToken } from '../project-facts.ts'
import type { FlagKey, GroupKeys, GroupPropertiesByType, ProjectRegistry } from '../project-names.ts'
import type { BodyOf, CallOptions, Requester } from '../requester.ts'

/** The person and groups to evaluate flags for. */
export interface FlagEvaluationRequest<Project = ProjectRegistry> {
  readonly distinctId: string
  /** Group keys by group type. */
  readonly groups?: GroupKeys<Project> | undefined
  /** Person properties that override those in PostHog. */
  readonly personProperties?: Readonly<Record<string, unknown>> | undefined
  /** Group properties by group type, which override those in PostHog. */
  readonly groupProperties?: GroupPropertiesByType<Project> | undefined
  /** Keys of the flags to evaluate. Default: all. */
  readonly keys?: readonly FlagKey<Project>[] | undefined
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

/** The evaluations of flags, typed by the flags of a project if they are known. */
export type FlagEvaluationsOf<Project = ProjectRegistry> = Project extends {
  readonly featureFlags: infer Known
}
  ? ProjectFlagEvaluations<Known, Project>
  : FlagEvaluations

/** The evaluations of the flags of a project. */
export interface ProjectFlagEvaluations<Known, Project> extends Omit<FlagEvaluations, 'flags'> {
  readonly flags: { readonly [Key in keyof Known]?: KnownFlagValue<Known[Key]> } & OtherFlags<Project>
}

type OtherFlags<Project> = Project extends { readonly strict: true }
  ? unknown
  : Readonly<Record<string, FlagValue>>

/** The evaluation of a flag with known variants or payload. */
export type KnownFlagValue<Flag> =
  | FlagOff
  | (Flag extends { readonly variants: infer Variants }
      ? { [Variant in Extract<keyof Variants, string>]: FlagOn<Variant, Variants[Variant]> }[Extract<
          keyof Variants,
          string
        >]
      : FlagOn<undefined, Flag extends { readonly payload: infer Payload } ? Payload : unknown>)

/** The evaluation of a flag that is on. */
export interface FlagOn<Variant extends string | undefined, Payload> extends FlagValue {
  readonly enabled: true
  readonly variant: Variant
  readonly payload: Payload
}

/** The evaluation of a flag that is off. */
export interface FlagOff extends FlagValue {
  readonly enabled: false
  readonly variant: undefined
  readonly payload: undefined
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
  const body = await evaluationBody(api, 'featureFlags.evaluate', request, token, options)
  const response = await api.request('POST /flags/', { query: { v: 2 }, body }, options)
  // Over a billing limit, the response may have no flags.
  const all = Object.entries(response.flags ?? {})
  const entries = all.filter(([, { failed }]) => failed !== true)
  const values = entries.map(([key, { enabled, variant, metadata, reason }]) => {
    const payload = parsePayload(metadata?.payload)
    return [key, { enabled, variant: variant ?? undefined, payload, reason: reason?.code }] as const
  })
  return withCompleteness(Object.fromEntries(values), response, entries.length < all.length)
}

/** Evaluates flags through the older route. Its response has a value and a payload for each flag. */
export async function decideFlags(
  api: Requester,
  request: FlagEvaluationRequest,
  { token, ...options }: EvaluateOptions = {},
): Promise<FlagEvaluations> {
  const body = await evaluationBody(api, 'featureFlags.decide', request, token, options)
  const response = await api.request('POST /decide/', { query: { v: 3 }, body }, options)
  const payloads = response.featureFlagPayloads ?? {}
  const values = Object.entries(response.featureFlags ?? {}).map(([key, value]) => {
    const payload = payloads[key]
    const flag: FlagValue = {
      enabled: value !== false,
      variant: typeof value === 'string' ? value : undefined,
      payload: typeof payload === 'string' ? parsePayload(payload) : (payload ?? undefined),
      reason: undefined,
    }
    return [key, flag] as const
  })
  return withCompleteness(Object.fromEntries(values), response, false)
}

/** Adds whether PostHog evaluated all flags. */
function withCompleteness(
  flags: Readonly<Record<string, FlagValue>>,
  response: {
    readonly quotaLimited?: readonly string[] | undefined
    readonly errorsWhileComputingFlags?: boolean | undefined
  },
  someFailed: boolean,
): FlagEvaluations {
  const quota = response.quotaLimited?.includes('feature_flags') === true
  const errors = response.errorsWhileComputingFlags === true || someFailed
  return {
    flags,
    complete: !quota && !errors,
    incomplete: quota ? 'quota' : errors ? 'errors' : undefined,
  }
}

async function evaluationBody(
  api: Requester,
  method: string,
  request: FlagEvaluationRequest,
  token: string | undefined,
  options: CallOptions,
): Promise<BodyOf<'POST /flags/'>> {
  rejectUnknownOptions(method, request, evaluationNames)
  const { distinctId, groups, personProperties, groupProperties, keys } = Object(
    request,
  ) as FlagEvaluationRequest
  requireText('distinctId', distinctId)
  if (keys !== undefined) requireList('keys', keys)
  return {
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
}

function parsePayload(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
