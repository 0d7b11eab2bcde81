import type { AnswerOf } from './routes.ts'
import { type Collection, collection, type HardDeletes, hardDeletes, type Resource } from './verbs.ts'

const all = '/api/organizations/'
const one = '/api/organizations/{id}/'

/** An organization: its members and projects belong together. */
export type Organization = AnswerOf<`GET ${typeof one}`>

/** Organizations that the key's user belongs to. `@current` is the one that they last opened in the app. */
export interface Organizations
  extends Collection<typeof all, typeof one>,
    HardDeletes<`DELETE ${typeof one}`> {}

/** Binds organizations to a client. */
export const createOrganizations: Resource<Organizations> = (api) => ({
  ...collection(api, all, one),
  ...hardDeletes(api, one),
})
