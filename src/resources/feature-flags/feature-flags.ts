import type { List } from '../../runtime/paging/list.ts'
import type { APIPromise } from '../../runtime/transport/api-promise.ts'
import { activity, type HasActivity, type HasTags, tags } from '../capabilities.ts'
import { type BodyMethod, type IdMethod, method } from '../methods.ts'
import type { CallOptions, ListOptions, QueryOf, ResponseOf } from '../requester.ts'
import {
  type Collection,
  collection,
  type HardDeletable,
  hardDeletes,
  type Resource,
  type SoftDeletable,
  softDeletes,
} from '../verbs.ts'
import { type CopiedFlag, compareFlags, copyFlag, type FlagComparison, type FlagCopy } from './copy-flags.ts'
import { type EditedFlag, type EditOptions, editFlag, type FlagDraft } from './edit-flag.ts'
import {
  type EvaluateOptions,
  evaluateFlags,
  type FlagEvaluationFor,
  type FlagEvaluations,
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

/** Feature flags. Where a flag is named, its id or its key will do, unless the method says otherwise. */
export interface FeatureFlags
  extends Collection<typeof all, typeof one>,
    SoftDeletable<`PATCH ${typeof one}`>,
    HasActivity<`GET ${typeof one}activity/`>,
    HasTags<`POST ${typeof all}bulk_update_tags/`> {
  /**
   * The flag whose key is just this.
   *
   * @throws NotFoundError when there is none
   * @example const { active } = await posthog.featureFlags.getByKey('new-checkout')
   */
  getByKey(key: string, options?: CallOptions): Promise<FeatureFlag>
  /**
   * Makes a flag if there is none with the key, and else changes what is different.
   *
   * @example
   * const { created } = await posthog.featureFlags.ensure('new-checkout', {
   *   active: true,
   *   filters: { groups: [{ properties: [], rollout_percentage: 5 }] },
   * })
   */
  ensure(key: string, definition?: FlagDefinition, options?: CallOptions): Promise<EnsuredFlag>
  /** Switches a flag on. */
  enable(flag: number | string, options?: CallOptions): Promise<FeatureFlag>
  /** Switches a flag off, for everybody. */
  disable(flag: number | string, options?: CallOptions): Promise<FeatureFlag>
  /** Switches a flag off and puts it away, by its id. */
  archive: IdMethod<`POST ${typeof one}archive/`>
  /** Brings it back, by its id. */
  unarchive: IdMethod<`POST ${typeof one}unarchive/`>
  /**
   * Sets for how many percent of those that its conditions fit a flag is on. What others change in the flag at the
   * same time is kept.
   *
   * @throws ConfigurationError for a number that is no percentage, and for several groups of which none is named
   * @example await posthog.featureFlags.setRollout('new-checkout', 25)
   */
  setRollout(flag: number | string, percentage: number, options?: RolloutOptions): Promise<Rollout>
  /**
   * Reads a flag, lets it be edited, and writes the fields that are different. When somebody else changed the same
   * fields meanwhile, the edit is done again to the flag as it is then.
   *
   * @throws ConfigurationError for a field that cannot be written; ConflictError when others were faster every time
   * @example
   * const { changes } = await posthog.featureFlags.edit('new-checkout', (flag) => { flag.name = 'Checkout' }, { dryRun: true })
   */
  edit(flag: number | string, edit: (draft: FlagDraft) => unknown, options?: EditOptions): Promise<EditedFlag>
  /** Flags whose conditions name this one, by its id. */
  dependents: IdMethod<`GET ${typeof one}dependent_flags/`>
  /** Whether a flag is in use, stale or deleted, and why PostHog thinks so; by its id. */
  status: IdMethod<`GET ${typeof one}status/`>
  /** A flag as it was at a version, by its id. */
  version(
    id: number,
    version: number,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof one}versions/{version_number}/`>>
  /**
   * Flags that PostHog takes for stale: on for everybody or nobody for a long time.
   *
   * @example for await (const { key } of posthog.featureFlags.stale()) console.log(key)
   */
  stale(options?: ListOptions): List<FeatureFlag>
  /** Makes a static cohort of everybody for whom a flag is on, by its id. */
  createCohort: IdMethod<`POST ${typeof one}create_static_cohort_for_flag/`>
  /**
   * Copies a flag to other projects of the organization, by its key.
   *
   * @example const { failed } = await posthog.featureFlags.copy('new-checkout', { to: [456], disabled: true })
   */
  copy(key: string, copy: FlagCopy, options?: CallOptions): Promise<CopiedFlag>
  /**
   * How the flags of another project differ.
   *
   * @example const { different, onlyHere } = await posthog.featureFlags.compare(456)
   */
  compare(project: number | string, options?: CallOptions): Promise<FlagComparison>
  /** How many persons a condition fits. */
  blastRadius: BodyMethod<`POST ${typeof all}user_blast_radius/`>
  /** What each flag is for somebody and why. */
  evaluationReasons(
    filters: QueryOf<`GET ${typeof all}evaluation_reasons/`>,
    options?: CallOptions,
  ): APIPromise<ResponseOf<`GET ${typeof all}evaluation_reasons/`>>
  /**
   * What flags are for somebody, as PostHog's SDKs would see them.
   *
   * @example
   * const { flags, complete } = await posthog.featureFlags.evaluate({ distinctId: 'user-1' })
   * if (complete && flags['new-checkout']?.enabled) useNewCheckout()
   */
  evaluate(whom: FlagEvaluationFor, options?: EvaluateOptions): Promise<FlagEvaluations>
  /** The payload of a remote config flag, by its id or key; undefined when it is empty. */
  remoteConfig(flag: number | string, options?: CallOptions): Promise<unknown>
}

/** Binds feature flags to a client. */
export const createFeatureFlags: Resource<FeatureFlags> = (api) => ({
  ...collection(api, all, one),
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
  compare: async (project, options) => {
    return compareFlags(api, project, options)
  },
  blastRadius: method(api, `POST ${all}user_blast_radius/`, 'body'),
  evaluationReasons: method(api, `GET ${all}evaluation_reasons/`, 'query'),
  evaluate: async (whom, options) => {
    return evaluateFlags(api, whom, options)
  },
  remoteConfig: async (flag, options) => {
    // The path takes keys too.
    const path = { id: flag as number }
    return (await api.request(`GET ${one}remote_config/`, { path }, options)) ?? undefined
  },
})

const earlyAccessFeatures = '/api/projects/{project_id}/early_access_feature/'
const earlyAccessFeature = '/api/projects/{project_id}/early_access_feature/{id}/'

/** A feature that people may opt into. */
export type EarlyAccessFeature = ResponseOf<`GET ${typeof earlyAccessFeature}`>

/** Features that people may opt into before they are for all. Each has a feature flag. */
export interface EarlyAccessFeatures
  extends Collection<typeof earlyAccessFeatures, typeof earlyAccessFeature>,
    HardDeletable<`DELETE ${typeof earlyAccessFeature}`> {}

/** Binds early access features to a client. */
export const createEarlyAccessFeatures: Resource<EarlyAccessFeatures> = (api) => ({
  ...collection(api, earlyAccessFeatures, earlyAccessFeature),
  ...hardDeletes(api, earlyAccessFeature),
})
