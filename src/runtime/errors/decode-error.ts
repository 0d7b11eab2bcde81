import { PostHogError } from './posthog-error.ts'

/** An answer of 2xx that is not what the operation answers: HTML, broken JSON, or a missing part. */
export class DecodeError extends PostHogError {
  override readonly name = 'DecodeError' as const
  override readonly kind = 'decode' as const
}
