import { refuseDelete } from '../../http/fields.ts'
import type { Action, Route } from '../../http/route.ts'
import { activityPage } from '../activity/activity-page.ts'
import { bulkDeleteFlags, bulkFlagKeys, bulkFlagTags } from './bulk-flags.ts'
import { copyFlags } from './copy-flags.ts'
import { cohortOfFlag, evaluationReasons, userBlastRadius } from './evaluation-handlers.ts'
import {
  actOnFlag,
  dependentFlags,
  flagInPath,
  getFlag,
  getStatus,
  getVersion,
  patchFlag,
  postFlag,
} from './flag-handlers.ts'
import { listFlags } from './list-flags.ts'
import { remoteConfig } from './remote-config.ts'

const read = (handle: Action['handle']): Action => ({ scope: 'feature_flag:read', handle })
const write = (handle: Action['handle']): Action => ({ scope: 'feature_flag:write', handle })
const activity = (handle: Action['handle']): Action => ({ scope: 'activity_log:read', handle })
const at = (name: string, methods: Route['methods']): Route => ({
  path: `projects/:project/feature_flags${name}`,
  throttle: 'default',
  methods,
})

/** The feature flags of each project. */
export const flagRoutes: readonly Route[] = [
  at('', { GET: read(listFlags), POST: write(postFlag) }),
  at('/activity', { GET: activity((call) => activityPage(call, 'FeatureFlag', undefined)) }),
  at('/bulk_delete', { POST: write(bulkDeleteFlags) }),
  at('/bulk_keys', { POST: read(bulkFlagKeys) }),
  at('/bulk_update_tags', { POST: write(bulkFlagTags) }),
  at('/evaluation_reasons', { GET: read(evaluationReasons) }),
  at('/user_blast_radius', { POST: read(userBlastRadius) }),
  at('/:id', {
    GET: read(getFlag),
    PUT: write(patchFlag),
    PATCH: write(patchFlag),
    DELETE: write(refuseDelete),
  }),
  at('/:id/activity', {
    GET: activity((call) => activityPage(call, 'FeatureFlag', flagInPath(call).id)),
  }),
  ...['enable', 'disable', 'archive', 'unarchive'].map((action) =>
    at(`/:id/${action}`, { POST: write((call) => actOnFlag(call, action)) }),
  ),
  at('/:id/create_static_cohort_for_flag', { POST: write(cohortOfFlag) }),
  at('/:id/dependent_flags', { GET: read(dependentFlags) }),
  at('/:id/status', { GET: read(getStatus) }),
  at('/:id/versions/:version', { GET: read(getVersion) }),
  {
    ...at('/:id/remote_config', { GET: { ...read(remoteConfig), secretKeys: true } }),
    knowsSecretKeys: true,
  },
  {
    path: 'organizations/:organization/feature_flags/copy_flags',
    throttle: 'default',
    methods: { POST: write(copyFlags) },
  },
]
