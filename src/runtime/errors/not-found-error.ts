import { APIError, type APIErrorFacts } from './api-error.ts'

/** 404: the object, its version, or the whole route does not exist on this server. */
export class NotFoundError extends APIError {
  override readonly name = 'NotFoundError' as const
  override readonly kind = 'not_found' as const
  /** True when the server has no such route: another kind of server, an older one, or a wrong prefix. */
  declare readonly routeUnknown: boolean
  /** When a version was not found: the version that the object is at. */
  declare readonly currentVersion: number | undefined

  constructor(
    facts: APIErrorFacts & { readonly routeUnknown: boolean; readonly currentVersion: number | undefined },
  ) {
    super(facts)
  }
}
