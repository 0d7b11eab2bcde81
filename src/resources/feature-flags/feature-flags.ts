import type { List } from '../../runtime/paging/list.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { activity, type HasActivity, type HasTags, tags } from '../capabilities.ts'
import { type BodyMethod, type IdMethod, method, withCheck } from '../methods.ts'
import type { FlagKey, ProjectRegistry } from '../project-names.ts'
import type { CallOptions, ListOptions, QueryOf, Requester, ResponseOf } from '../requester.ts'
import type { Revertible } from '../revert.ts'
import {
  type Collection,
  collection,
  type HardDeletable,
  hardDeletes,
  type Resource,
  type SoftDeletable,
  softDeletes,
} from '../verbs.ts'
import { rejectUnknownFlagFields } from './check-flag.ts'
import {
  type CopiedFlag,
  type CopyRequirements,
  compareFlags,
  copyFlag,
  copyRequirements,
  type FlagComparison,
  type FlagCopy,
} from './copy-flags.ts'
import {
  type DeleteMatchingOptions,
  deleteMatching,
  type FlagFilters,
  type MatchingDeletion,
} from './delete-matching.ts'
import { type EditedFlag, type EditOptions, editFlag, type FlagDraft } from './edit-flag.ts'
import {
  decideFlags,
  type EvaluateOptions,
  evaluateFlags,
  type FlagEvaluationRequest,
  type FlagEvaluationsOf,
} from './evaluate-flags.ts'
import type { FeatureFlag } from './flag.ts'
import { all, flagByKey, one } from './flag.ts'
import {
  type EnsuredFlag,
  ensureFlag,
  type FlagDefinition,
  type Rollout,
  type RolloutOptions,
  setRollout,
  switchFlag,
} from './set-flag.ts'

/** Feature flags. Methods accept an id or a key, unless they say otherwise. */
export interface FeatureFlags<Project = ProjectRegistry>
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * Reads a flag by its exact key.
   *
   * @throws NotFoundError if it does not exist
   * @example const { active } = await posthog.featureFlags.getByKey('new-checkout')
   */
  getByKey(key: FlagKey<Project>, options?: CallOptions): Promise<FeatureFlag>
  /**
   * Creates a flag, or updates the fields that differ if a flag with the key exists. `revert` of the result restores
   * these fields, or deletes the flag that was created.
   *
   * @example
   * const { created } = await posthog.featureFlags.ensure('new-checkout', {
   *   active: true,
   *   filters: { groups: [{ properties: [], rollout_percentage: 5 }] },
   * })
   */
  ensure(
    key: string,
    definition?: FlagDefinition,
    options?: CallOptions,
  ): Promise<EnsuredFlag & Revertible<FeatureFlag>>
  /** Enables a flag. */
  enable(flag: number | string, options?: CallOptions): Promise<FeatureFlag>
  /** Disables a flag for everyone. */
  disable(flag: number | string, options?: CallOptions): Promise<FeatureFlag>
  /** Disables and archives a flag, by id. */
  archive: IdMethod<`POST ${typeof one}archive/`>
  /** Restores an archived flag, by id. */
  unarchive: IdMethod<`POST ${typeof one}unarchive/`>
  /**
   * Sets the rollout percentage of a flag. Concurrent changes to other fields are preserved. `revert` of the result
   * restores the earlier conditions.
   *
   * @throws ConfigurationError for an invalid percentage, or for several condition groups without the option `group`
   * @example await posthog.featureFlags.setRollout('new-checkout', 25)
   */
  setRollout(
    flag: number | string,
    percentage: number,
    options?: RolloutOptions,
  ): Promise<Rollout & Revertible<FeatureFlag>>
  /**
   * Reads a flag, applies an edit to a draft, and writes the changed fields. If someone else changed the same fields
   * meanwhile, the edit runs again on the latest version. `revert` of the result restores the changed fields.
   *
   * @throws ConfigurationError for a read-only or unknown field; ConflictError if every attempt conflicts
   * @example
   * const { changes } = await posthog.featureFlags.edit('new-checkout', (flag) => { flag.name = 'Checkout' }, { dryRun: true })
   */
  edit(
    flag: number | string,
    edit: (draft: FlagDraft) => unknown,
    options?: EditOptions,
  ): Promise<EditedFlag & Revertible<FeatureFlag>>
  /** Lists the flags that depend on a flag, by id. */
  dependents: IdMethod<`GET ${typeof one}dependent_flags/`>
  /** Returns whether a flag is active, stale or deleted, and the reason. By id. */
  status: IdMethod<`GET ${typeof one}status/`>
  /** Reads a past version of a flag, by id. */
  version(
    id: number,
    version: number,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof one}versions/{version_number}/`>>
  /**
   * Lists flags that PostHog considers stale: on for everyone or no one for a long time.
   *
   * @example for await (const { key } of posthog.featureFlags.stale()) console.log(key)
   */
  stale(options?: ListOptions): List<FeatureFlag>
  /**
   * Creates a static cohort of the persons who match a flag, by id. PostHog's schema does not open this operation to
   * personal API keys, so PostHog probably returns 403.
   */
  createCohort: IdMethod<`POST ${typeof one}create_static_cohort_for_flag/`>
  /**
   * Copies a flag to other projects of the organization, by key.
   *
   * @example const { failed } = await posthog.featureFlags.copy('new-checkout', { to: [456], disabled: true })
   */
  copy(key: string, copy: FlagCopy, options?: CallOptions): Promise<CopiedFlag>
  /**
   * Checks which flags `copy` with `dependencies` would copy, by key.
   *
   * @throws BadRequestError if the flag does not exist
   * @example
   * const { can_copy_dependencies, reason } = await posthog.featureFlags.copyRequirements('new-checkout', [456])
   */
  copyRequirements(key: string, to: readonly number[], options?: CallOptions): Promise<CopyRequirements>
  /**
   * Compares the flags with those of another project.
   *
   * @example const { different, onlyHere } = await posthog.featureFlags.compare(456)
   */
  compare(project: number | string, options?: CallOptions): Promise<FlagComparison>
  /**
   * Soft-deletes all flags that match filters, in one request. At least one filter is required. `dryRun` reads the
   * matching flags and deletes none.
   *
   * @throws ConfigurationError without a filter
   * @example const { matched } = await posthog.featureFlags.deleteMatching({ active: 'STALE' }, { dryRun: true })
   */
  deleteMatching(filters: FlagFilters, options?: DeleteMatchingOptions): Promise<MatchingDeletion>
  /** Returns the number of persons who match a condition. */
  blastRadius: BodyMethod<`POST ${typeof all}user_blast_radius/`>
  /** Returns the value of each flag for a person, with the reason. */
  evaluationReasons(
    filters: QueryOf<`GET ${typeof all}evaluation_reasons/`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof all}evaluation_reasons/`>>
  /**
   * Evaluates flags for a person, as PostHog's SDKs do.
   *
   * @example
   * const { flags, complete } = await posthog.featureFlags.evaluate({ distinctId: 'user-1' })
   * if (complete && flags['new-checkout']?.enabled) useNewCheckout()
   */
  evaluate(
    request: FlagEvaluationRequest<Project>,
    options?: EvaluateOptions,
  ): Promise<FlagEvaluationsOf<Project>>
  /**
   * Evaluates flags for a person through `/decide?v=3`, which PostHog had before `/flags`. Its response has no reasons.
   *
   * @example const { flags } = await posthog.featureFlags.decide({ distinctId: 'user-1' })
   */
  decide(
    request: FlagEvaluationRequest<Project>,
    options?: EvaluateOptions,
  ): Promise<FlagEvaluationsOf<Project>>
  /** Reads the payload of a remote config flag, by id or key. Undefined if empty. */
  remoteConfig(flag: number | string, options?: CallOptions): Promise<unknown>
}

/** Creates the feature flags resource. */
export const createFeatureFlags: Resource<FeatureFlags> = (api) => ({
  ...checkedCollection(api),
  ...softDeletes(api, one),
  ...activity(api, `GET ${one}activity/`),
  ...tags(api, `POST ${all}bulk_update_tags/`),
  getByKey: async (key, options) => flagByKey(api, key, options),
  ensure: async (key, definition, options) => {
    return ensureFlag(api, key, definition, options)
  },
  enable: async (flag, options) => {
    return switchFlag(api, flag, true, options)
  },
  disable: async (flag, options) => {
    return switchFlag(api, flag, false, options)
  },
  archive: method(api, `POST ${one}archive/`, 'id'),
  unarchive: method(api, `POST ${one}unarchive/`, 'id'),
  setRollout: async (flag, percentage, options) => {
    return setRollout(api, flag, percentage, options)
  },
  edit: async (flag, edit, options) => editFlag(api, flag, edit, options),
  dependents: method(api, `GET ${one}dependent_flags/`, 'id'),
  status: method(api, `GET ${one}status/`, 'id'),
  version: (id, version_number, options) => {
    return api.request(`GET ${one}versions/{version_number}/`, { path: { id, version_number } }, options)
  },
  stale: (options) => api.list(`GET ${all}`, { query: { active: 'STALE' } }, options),
  createCohort: method(api, `POST ${one}create_static_cohort_for_flag/`, 'id'),
  copy: async (key, copy, options) => copyFlag(api, key, copy, options),
  copyRequirements: async (key, to, options) => copyRequirements(api, key, to, options),
  compare: async (project, options) => {
    return compareFlags(api, project, options)
  },
  deleteMatching: async (filters, options) => deleteMatching(api, filters, options),
  blastRadius: method(api, `POST ${all}user_blast_radius/`, 'body'),
  evaluationReasons: method(api, `GET ${all}evaluation_reasons/`, 'query'),
  evaluate: async (request, options) => {
    return evaluateFlags(api, request, options)
  },
  decide: async (request, options) => decideFlags(api, request, options),
  remoteConfig: async (flag, options) => {
    // PostHog accepts a key in this path too.
    const path = { id: flag as number }
    return (await api.request(`GET ${one}remote_config/`, { path }, options)) ?? undefined
  },
})

function checkedCollection(api: Requester): Collection<typeof all, typeof one> {
  const { create, update, ...rest } = collection(api, all, one)
  return {
    ...rest,
    create: withCheck(create, (body) => rejectUnknownFlagFields(body)),
    update: withCheck(update, (_, body) => rejectUnknownFlagFields(body)),
  }
}

const earlyAccessFeatures = '/api/projects/{project_id}/early_access_feature/'
const earlyAccessFeature = '/api/projects/{project_id}/early_access_feature/{id}/'

/** An early access feature. */
export interface EarlyAccessFeature extends ResponseOf<`GET ${typeof earlyAccessFeature}`> {}

/** Early access features: features that users can opt into. Each has a feature flag. */
export interface EarlyAccessFeatures
  extends Collection<typeof earlyAccessFeatures, typeof earlyAccessFeature>,
    HardDeletable<`DELETE ${typeof earlyAccessFeature}`> {}

/** Creates the early access features resource. */
export const createEarlyAccessFeatures: Resource<EarlyAccessFeatures> = (api) => ({
  ...collection(api, earlyAccessFeatures, earlyAccessFeature),
  ...hardDeletes(api, earlyAccessFeature),
})
