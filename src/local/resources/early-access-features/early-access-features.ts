import { invalid } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { choice, integer, json, text } from '../../store/fields.ts'
import { EARLY_ACCESS_FEATURES } from '../../store/kinds.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { flagById, flagByKey } from '../feature-flags/flag-record.ts'
import { nestedFlagView } from '../feature-flags/flag-view.ts'
import { createFlag } from '../feature-flags/flags.ts'

const STAGES = ['draft', 'concept', 'alpha', 'beta', 'general-availability', 'archived']

const features: Resource = {
  kind: EARLY_ACCESS_FEATURES,
  path: 'projects/:project/early_access_feature',
  object: 'early_access_feature',
  fields: {
    name: text({ required: true, maxLength: 200 }),
    description: text({ blank: true, default: '' }),
    stage: choice(STAGES, { required: true }),
    documentation_url: text({ blank: true, default: '', maxLength: 800 }),
    payload: json({ default: {} }),
    feature_flag_id: integer({ writeOnly: true }),
  },
  systemFields: ['created_at'],
  deletion: 'hard',
  activity: 'EarlyAccessFeature',
  search: ['name', 'description'],
  prepareCreate: withFlag,
  // A feature keeps its flag.
  prepareUpdate: (_, { feature_flag_id }) => ({ feature_flag_id }),
  view: ({ state }, feature) => ({
    feature_flag: nestedFlagView(state, flagById(state, state.projectId, feature['feature_flag_id'])),
  }),
}

/** Early access features: users can opt in before general availability. */
export const earlyAccessRoutes: readonly Route[] = resourceRoutes(features)

async function withFlag(call: Call, values: JsonRecord): Promise<JsonRecord> {
  const { state } = call
  const id = values['feature_flag_id']
  if (typeof id === 'number') {
    if (flagById(state, state.projectId, id) === undefined) {
      throw invalid('feature_flag_id', 'Feature Flag with this ID does not exist')
    }
    return { payload: values['payload'] ?? {} }
  }
  const name = String(values['name'])
  const key = name.trim().toLowerCase().replace(/\W+/g, '-')
  if (flagByKey(state, state.projectId, key) !== undefined) {
    throw invalid('feature_flag_id', `There is already a feature flag with this key: ${key}`, 'unique')
  }
  const filters = { groups: [{ properties: [], rollout_percentage: 0 }], super_groups: null }
  const body = { key, name: `Feature Flag for Feature ${name}`, active: true, filters }
  const flag = await createFlag(call, body)
  return { feature_flag_id: flag.id, payload: values['payload'] ?? {} }
}
