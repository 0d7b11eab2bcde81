import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** An endpoint ran at another version than the one that its types were made for. */
export class VersionDriftError extends PostHogError {
  override readonly name = 'VersionDriftError' as const
  override readonly kind = 'version_drift' as const
  /** Name of the endpoint. */
  declare readonly endpoint: string
  /** The version that was asked for. */
  declare readonly pinned: number
  /** The version that ran. */
  declare readonly served: number

  constructor(
    facts: ErrorFacts & { readonly endpoint: string; readonly pinned: number; readonly served: number },
  ) {
    super(facts)
  }
}
