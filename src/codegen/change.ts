/**
 * How a change affects code that was written for the older version.
 *
 * - `breaking`: a valid call or read becomes invalid.
 * - `risky`: the code still works, but may receive new values (an absent field, null, a new enum value).
 * - `safe`: the code is not affected.
 */
export type Grade = 'breaking' | 'risky' | 'safe'

/** Sort order of grades, worst first. */
export const gradeRank: Readonly<Record<Grade, number>> = { breaking: 0, risky: 1, safe: 2 }

/** A difference between what a generated module was written from and what the server has now. */
export interface Change {
  /** What changed, such as the name of an endpoint. */
  readonly subject: string
  readonly grade: Grade
  readonly message: string
  readonly fix?: string
}

/** Counts changes by grade. */
export function countGrades(changes: readonly { readonly grade: Grade }[]): Record<Grade, number> {
  const counts: Record<Grade, number> = { breaking: 0, risky: 0, safe: 0 }
  for (const { grade } of changes) counts[grade] += 1
  return counts
}
