import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/projects/{project_id}/early_access_feature/'
const one = '/api/projects/{project_id}/early_access_feature/{id}/'

/** A feature that people may opt into. */
export type EarlyAccessFeature = AnswerOf<`GET ${typeof one}`>

/** Features that people may opt into before they are for all. Each has a feature flag. */
export interface EarlyAccessFeatures
  extends Collection<typeof all, typeof one>,
    HardDeletes<`DELETE ${typeof one}`> {}

/** Binds early access features to a client. */
export const createEarlyAccessFeatures: Resource<EarlyAccessFeatures> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
})
