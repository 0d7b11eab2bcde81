import type { Region } from '../config/host.ts'
import type { APIErrorFacts } from './api-error.ts'
import { AuthenticationError } from './authentication-error.ts'

/** 401, and the other region of PostHog Cloud knows the key. */
export class WrongRegionError extends AuthenticationError {
  override readonly name = 'WrongRegionError' as const
  override readonly kind = 'wrong_region' as const
  /** Where the key belongs. */
  declare readonly region: Region
  /** What was asked. */
  declare readonly host: string

  constructor(facts: APIErrorFacts & { readonly region: Region; readonly host: string }) {
    super(facts)
  }
}
