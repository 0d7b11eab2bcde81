import { PostHogError } from './posthog-error.ts'

/** The client is set up in a way that cannot work, or was called with an argument that cannot be sent. */
export class ConfigurationError extends PostHogError {
  override readonly name = 'ConfigurationError' as const
  override readonly kind = 'configuration' as const
}
