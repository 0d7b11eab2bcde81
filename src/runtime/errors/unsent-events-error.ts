import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** Events that were not captured, or of which that is not known. They are on the error, so that nothing is lost. */
export class UnsentEventsError extends PostHogError {
  override readonly name = 'UnsentEventsError' as const
  override readonly kind = 'unsent_events' as const
  /** Events that PostHog took before. */
  declare readonly sent: number
  /** The others, with the uuids and times that they were given: capturing them again doubles none. Not shown in JSON. */
  declare readonly unsent: readonly unknown[]

  constructor({
    unsent,
    ...facts
  }: ErrorFacts & { readonly sent: number; readonly unsent: readonly unknown[] }) {
    super(facts)
    Object.defineProperty(this, 'unsent', { value: unsent })
  }
}
