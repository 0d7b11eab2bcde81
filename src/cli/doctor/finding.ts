import { describeError } from '../output/report-error.ts'

/** How a part of the setup is. */
export type FindingState = 'ok' | 'warning' | 'problem' | 'unknown'

/** One thing that was looked at. */
export interface Finding {
  /** Such as `key` or `clock`. */
  readonly check: string
  readonly state: FindingState
  /** What was found. */
  readonly message: string
  /** What to do about it. */
  readonly fix?: string
}

/** Nothing is wrong with it. */
export function ok(check: string, message: string): Finding {
  return { check, state: 'ok', message }
}

/** What an error says of a part of the setup. */
export function problem(check: string, error: unknown): Finding {
  const { message, fix } = describeError(error)
  return { check, state: 'problem', message, ...(fix === undefined ? {} : { fix }) }
}
