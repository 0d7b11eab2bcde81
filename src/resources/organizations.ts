import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const organizations = '/api/organizations/'
const organization = '/api/organizations/{id}/'

/** An organization: its members and projects belong together. */
export type Organization = AnswerOf<`GET ${typeof organization}`>

/** Organizations that the key's user belongs to. `@current` is the one that they last opened in the app. */
export interface Organizations
  extends Collection<typeof organizations, typeof organization>,
    HardDeletes<`DELETE ${typeof organization}`> {}

/** Binds organizations to a client. */
export const createOrganizations: Resource<Organizations> = (api) => ({
  ...collection(api, organizations, organization),
  ...hardDeletes(api, organization),
})
