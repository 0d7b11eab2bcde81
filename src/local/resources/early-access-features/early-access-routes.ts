import { invalid } from '../../http/api-error.ts'
import type { Call, Route } from '../../http/route.ts'
import type { JsonRecord } from '../../store/collection.ts'
import { choice, integer, json, text } from '../../store/fields.ts'
import type { Resource } from '../../store/resource.ts'
import { resourceRoutes } from '../../store/resource-routes.ts'
import { flagStore } from '../feature-flags/flag-store.ts'

const STAGES = ['draft', 'concept', 'alpha', 'beta', 'general-availability', 'archived']

const features: Resource = {
  kind: { name: 'early_access_features', ids: 'uuid' },
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
  // A feature stays with the flag that it was made with.
  prepareUpdate: (_, { feature_flag_id }) => ({ feature_flag_id }),
  view: ({ world }, feature) => ({ feature_flag: flagStore(world).get(feature['feature_flag_id']) ?? null }),
}

/** Features that users may opt into before they are there for all. */
export const earlyAccessRoutes: readonly Route[] = resourceRoutes(features)

function withFlag({ world }: Call, values: JsonRecord): JsonRecord {
  const flags = flagStore(world)
  const id = values['feature_flag_id']
  if (typeof id === 'number') {
    const flag = flags.get(id)
    if (flag === undefined) throw invalid('feature_flag_id', 'Feature Flag with this ID does not exist')
    return { payload: values['payload'] ?? {} }
  }
  const name = String(values['name'])
  const key = name.trim().toLowerCase().replace(/\W+/g, '-')
  if (flags.byKey(key) !== undefined) {
    throw invalid('feature_flag_id', `There is already a feature flag with this key: ${key}`, 'unique')
  }
  const filters = { groups: [{ properties: [], rollout_percentage: 0 }], super_groups: null }
  const flag = flags.create({ key, name: `Feature Flag for Feature ${name}`, active: true, filters })
  return { feature_flag_id: flag.id, payload: values['payload'] ?? {} }
}
