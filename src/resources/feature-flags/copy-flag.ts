import { type OptionNames, refuseUnknown } from '../../runtime/config/check-options.ts'
import { requireId, requireList, requireObject, requireText } from '../check-arguments.ts'
import { projectFacts } from '../project-facts.ts'
import type { CallOptions, Requester } from '../requester.ts'
import type { AnswerOf } from '../routes.ts'
import type { FeatureFlag } from './flag.ts'

const route = 'POST /api/organizations/{organization_id}/feature_flags/copy_flags/'

/** Where a flag is to be copied. */
export interface FlagCopy {
  /** Projects of the same organization, by number. */
  readonly to: readonly number[]
  /** Whether the copies are switched off. Default: `false`. */
  readonly disabled?: boolean | undefined
  /** Whether planned changes are copied too. Default: `false`. */
  readonly schedule?: boolean | undefined
}

const copyNames: OptionNames<FlagCopy> = { to: true, disabled: true, schedule: true }

/** What became of the copies. */
export interface CopiedFlag {
  readonly copied: readonly FeatureFlag[]
  /** Projects that PostHog did not copy it to, and why. */
  readonly failed: AnswerOf<typeof route>['failed']
}

/** Copies a flag to other projects; one that is there with the same key is changed. */
export async function copyFlag(
  api: Requester,
  key: string,
  copy: FlagCopy,
  options: CallOptions = {},
): Promise<CopiedFlag> {
  requireText('key', key)
  requireObject('copy', copy)
  refuseUnknown('copy', copy, copyNames)
  const { to, disabled = false, schedule = false } = copy
  requireList('to', to)
  for (const project of to) requireId('to', project)
  const { id, organization } = await projectFacts(api, options)
  const body = {
    feature_flag_key: key,
    from_project: id,
    target_project_ids: [...to],
    ...(disabled ? { disable_copied_flag: true } : {}),
    ...(schedule ? { copy_schedule: true } : {}),
  }
  const path = { organization_id: api.config.organizationId ?? organization }
  const { success, failed } = await api.request(route, { path, body }, options)
  return { copied: success, failed }
}
