import { APIError, type APIErrorFacts } from './api-error.ts'

/** 403: the key is known and may not do this. */
export class PermissionError extends APIError {
  override readonly name = 'PermissionError' as const
  override readonly kind = 'permission' as const
  /** Scopes that the key lacks, such as `endpoint:read`; empty when scopes are not the reason. */
  declare readonly requiredScopes: readonly string[]

  constructor(facts: APIErrorFacts & { readonly requiredScopes: readonly string[] }) {
    super(facts)
  }
}
