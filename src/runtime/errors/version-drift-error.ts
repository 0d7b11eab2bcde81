import { PostHogError } from './posthog-error.ts'

/** An endpoint ran at another version than the one that its types were made for. */
export class VersionDriftError extends PostHogError {
  override readonly name = 'VersionDriftError' as const
  override readonly kind = 'version_drift' as const
  /** Name of the endpoint. */
  readonly endpoint: string
  /** The version that was asked for. */
  readonly pinned: number
  /** The version that ran. */
  readonly served: number

  constructor({ endpoint, pinned, served }: { endpoint: string; pinned: number; served: number }) {
    super({
      message: `Endpoint "${endpoint}" is pinned to version ${pinned}, and PostHog ran version ${served}.`,
      fix: 'Run `typehog endpoints pull` and look at what changed.',
    })
    this.endpoint = endpoint
    this.pinned = pinned
    this.served = served
  }
}
