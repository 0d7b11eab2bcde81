import { type ErrorFacts, PostHogError } from './posthog-error.ts'

/** There is more than was asked for at most. What came so far is on the error, so that nothing is lost. */
export class TruncatedResultError extends PostHogError {
  override readonly name = 'TruncatedResultError' as const
  override readonly kind = 'truncated_result' as const
  /** What came so far. Not shown in JSON. */
  declare readonly items: readonly unknown[]
  /** Where to go on; undefined where the rest is on the page that was read last. */
  declare readonly cursor: string | undefined

  constructor({
    items,
    ...facts
  }: ErrorFacts & { readonly items: readonly unknown[]; readonly cursor: string | undefined }) {
    super(facts)
    Object.defineProperty(this, 'items', { value: items })
  }
}
