import type { ListItem, ResponseOf } from './requester.ts'
import { type Collection, collection, type HardDeletable, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/scheduled_changes/'
const one = '/api/projects/{project_id}/scheduled_changes/{id}/'

/** A scheduled change of a feature flag. */
export interface ScheduledChange extends ResponseOf<`GET ${typeof one}`> {}
/** The operation of a scheduled change. */
export type ScheduledChangePayload = ListItem<`GET ${typeof all}`>['payload']

/**
 * Scheduled changes of feature flags. `payload` enables or disables the flag (`update_status`), adds conditions
 * (`add_release_condition`) or replaces the variants (`update_variants`). `record_id` is the id of the flag. A change
 * that has run cannot be updated (PostHog/posthog products/feature_flags/backend/api/scheduled_change.py).
 *
 * @example
 * const flag = await posthog.featureFlags.getByKey('checkout')
 * await posthog.scheduledChanges.create({
 *   model_name: 'FeatureFlag',
 *   record_id: String(flag.id),
 *   payload: { operation: 'update_status', value: false },
 *   scheduled_at: '2026-12-24T18:00:00Z',
 * })
 */
export interface ScheduledChanges
  extends Collection<typeof all, typeof one>,
    HardDeletable<`DELETE ${typeof one}`> {}

/** Creates the scheduled changes resource. */
export const createScheduledChanges: Resource<ScheduledChanges> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
})
