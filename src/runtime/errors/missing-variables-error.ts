import type { APIErrorFacts } from './api-error.ts'
import { BadRequestError } from './bad-request-error.ts'

/** 400: an endpoint was run without variables that it requires. */
export class MissingVariablesError extends BadRequestError {
  override readonly name = 'MissingVariablesError' as const
  override readonly kind = 'missing_variables' as const
  /** Names of all that are missing. */
  declare readonly missing: readonly string[]

  constructor(facts: APIErrorFacts & { readonly missing: readonly string[] }) {
    super(facts)
  }
}
