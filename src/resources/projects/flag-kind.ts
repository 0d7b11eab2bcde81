import { isPlainObject } from '../../runtime/config/check-options.ts'
import { editFlag } from '../feature-flags/edit-flag.ts'
import { all } from '../feature-flags/flag.ts'
import type { BodyOf } from '../requester.ts'
import { fieldsOf } from './catalog.ts'
import { cannotCopy, changedFields, type ObjectKind, pick, present, type Translate } from './object-kind.ts'

const authored = [
  'name',
  'active',
  'tags',
  'ensure_experience_continuity',
  'evaluation_contexts',
  'evaluation_runtime',
  'bucketing_identifier',
  'is_remote_configuration',
] as const

/** Feature flags, by key. */
export const flagKind: ObjectKind = {
  check: ({ has_encrypted_payloads, filters }) => {
    if (has_encrypted_payloads === true) {
      throw cannotCopy('Its payloads are encrypted.', 'Create the flag in the other project yourself.')
    }
    const { holdout, holdout_groups } = Object(filters)
    if (holdout || (Array.isArray(holdout_groups) && holdout_groups.length > 0)) {
      throw cannotCopy('It has a holdout.', 'Create the experiment in the other project yourself.')
    }
  },
  fields: async (flag, translate) => ({
    ...pick(flag, authored),
    name: flag['name'] ?? '',
    filters: await translateConditions(flag['filters'], translate),
  }),
  create: async ({ api, options }, key, fields) => {
    // The fields come from a flag.
    const body = { ...present(fields), key } as BodyOf<`POST ${typeof all}`>
    return fieldsOf(await api.request(`POST ${all}`, { body }, options))
  },
  update: ({ api, options }, flag, fields, changed) => {
    const edit = (draft: object): unknown => Object.assign(draft, changedFields(fields, changed))
    return editFlag(api, Number(flag['id']), edit, options)
  },
}

/** Translates conditions. Payloads are values of the user's own. */
async function translateConditions(filters: unknown, translate: Translate): Promise<unknown> {
  if (!isPlainObject(filters)) return filters
  const { payloads, groups, ...rest } = filters
  const conditions = Array.isArray(groups) ? groups.map(withoutSortKey) : groups
  return { ...fieldsOf(Object(await translate({ groups: conditions, ...rest }))), payloads }
}

/** PostHog's app gives each condition group a random sort key. */
function withoutSortKey(group: unknown): unknown {
  return isPlainObject(group) ? { ...group, sort_key: undefined } : group
}
