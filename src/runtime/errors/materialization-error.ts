import { PostHogError } from './posthog-error.ts'

/** The table of an endpoint will not be there, however long one waits. */
export class MaterializationError extends PostHogError {
  override readonly name = 'MaterializationError' as const
  override readonly kind = 'materialization' as const
}
